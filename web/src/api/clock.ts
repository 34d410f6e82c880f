import { useQuery } from "@tanstack/react-query";
import { get } from "./client";

/**
 * The server's clock. In a rehearsal it does not tell the browser's time, so what is recorded is
 * dated by the server's: the browser's time plus the difference last seen.
 */
let differenceMs = 0;

export function useServerClock() {
  return useQuery({
    queryKey: ["clock"],
    queryFn: async ({ signal }) => {
      const clock = await get<{ now: string; rehearsal: boolean }>("/clock", {}, signal);
      differenceMs = Date.parse(clock.now) - Date.now();
      return clock;
    },
    refetchInterval: 60_000,
  });
}

export function serverNow(): Date {
  return new Date(Date.now() + differenceMs);
}
