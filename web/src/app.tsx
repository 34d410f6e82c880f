import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { get, Problem, setCsrfToken, whenSignedOut } from "./api/client";
import { queryClient, useSession } from "./api/queries";
import { FirstRun } from "./features/session/first-run";
import { MeProvider } from "./features/session/me";
import { SignIn } from "./features/session/sign-in";
import { Shell } from "./features/shell/shell";
import { Pages } from "./pages/pages";
import { useLanguage } from "./texts";
import { Failed, Skeleton } from "./ui/states";

/** The gate: set up, signed out, or at work. */
export function App() {
  useLanguage();
  const session = useSession();
  const signedOut = session.error instanceof Problem && session.error.status === 401;
  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: ({ signal }) => get<{ needed: boolean; demo_offered: boolean }>("/setup", {}, signal),
    enabled: signedOut,
    retry: false,
  });
  useEffect(() => {
    whenSignedOut(() => void queryClient.invalidateQueries({ queryKey: ["session"] }));
  }, []);
  if (session.data && !signedOut) {
    setCsrfToken(session.data.csrf_token);
    return (
      <MeProvider session={session.data}>
        <Shell><Pages /></Shell>
      </MeProvider>
    );
  }
  if (signedOut) {
    if (setup.isPending) return <Skeleton />;
    return setup.data?.needed
      ? <FirstRun demoOffered={setup.data.demo_offered} /> : <SignIn wasIn={session.data?.login} />;
  }
  if (session.error) return <Failed error={session.error} onRetry={() => session.refetch()} />;
  return <Skeleton />;
}
