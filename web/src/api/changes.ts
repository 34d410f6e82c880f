import { useSyncExternalStore } from "react";

/**
 * Changes that wait: a list that somebody reads is not reordered under the cursor. It says how many
 * changes there are, and takes them when asked.
 */
let waiting = new Set<string>();
const own = new Map<string, number>();
const listeners = new Set<() => void>();
/** The echo of one's own change comes within this time. */
const echoMs = 10_000;

function publish() {
  for (const listener of listeners) listener();
}

export function noteOwnChange(customer: string) {
  own.set(customer, Date.now());
}

export function noteChanges(customers: string[]) {
  const foreign = customers.filter((one) => Date.now() - (own.get(one) ?? 0) > echoMs);
  if (foreign.length === 0) return;
  waiting = new Set([...waiting, ...foreign]);
  publish();
}

export function takeChanges() {
  if (waiting.size === 0) return;
  waiting = new Set();
  publish();
}

export function useWaitingChanges(): number {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => waiting.size);
}
