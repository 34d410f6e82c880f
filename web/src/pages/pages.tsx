import { type ComponentType, lazy, Suspense, useEffect } from "react";
import { useMe, useRoom } from "../features/session/me";
import { t } from "../texts";
import { match, navigate, useLocation } from "../ui/router";
import { ErrorBoundary } from "../ui/error-boundary";
import { Empty, Skeleton } from "../ui/states";
import { DeskPage } from "./desk";

// The desk is the first screen and comes with the app; every other page when it is entered.
const routes: [string, ComponentType<{ parameters: Record<string, string> }>][] = [
  ["/worklist", DeskPage],
  ["/customers", lazy(() => import("./customers"))],
  ["/customers/:customer", lazy(() => import("./customer"))],
  ["/promises", lazy(() => import("./promises"))],
  ["/disputes", lazy(() => import("./promises"))],
  ["/follow-ups", lazy(() => import("./promises"))],
  ["/aging", lazy(() => import("./aging"))],
  ["/team", lazy(() => import("./team"))],
  ["/calls", lazy(() => import("./calls"))],
  ["/calls/:call", lazy(() => import("./calls"))],
  ["/metrics", lazy(() => import("./metrics"))],
  ["/import", lazy(() => import("./import"))],
  ["/settings", lazy(() => import("./settings"))],
  ["/settings/:section", lazy(() => import("./settings"))],
];

export function Pages() {
  const { path } = useLocation();
  const { session, entity } = useMe();
  const room = useRoom();
  const at = path.startsWith("/e/");
  useEffect(() => {
    if (!at && entity.entity) navigate(room("worklist"), { replace: true });
  }, [at, entity.entity, room]);
  if (session.entities.length === 0) {
    return <Empty icon="lock" title={t("state.no_entity")} text={t("state.no_entity_text")} />;
  }
  if (!at) return <Skeleton />;
  for (const [pattern, Page] of routes) {
    const parameters = match(`/e/:entity${pattern}`, path);
    if (!parameters) continue;
    // A person without this entity learns nothing about it, not even that it exists.
    if (parameters.entity !== entity.entity) break;
    return (
      <ErrorBoundary key={path}>
        <Suspense fallback={<Skeleton />}>
          <Page key={entity.entity} parameters={parameters} />
        </Suspense>
      </ErrorBoundary>
    );
  }
  return <Empty icon="search" title={t("state.missing")} text={t("problem.not_found")} />;
}
