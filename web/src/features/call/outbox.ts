import { useSyncExternalStore } from "react";
import { post, Unreachable } from "../../api/client";
import { queryClient } from "../../api/queries";
import { problemText } from "../../texts/problems";
import type { CallDraft } from "./draft";

/**
 * Entries whose saving the connection did not survive. Each is sent again with its own key until the
 * server has answered, so it is there once. A refusal is kept beside the entry for a person to mend.
 */
export interface Waiting {
  key: string;
  login: string;
  entity: string;
  customer: string;
  name: string;
  path: string;
  body: unknown;
  draft: CallDraft;
  refused?: string;
}

const storageKey = "arrears.outbox";
const retryMs = 4000;
const listeners = new Set<() => void>();
let entries = readAll();
let timer = 0;
let sending = false;
let owner = "";

function readAll(): Waiting[] {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? "[]") as Waiting[];
  } catch {
    return [];
  }
}
function write(value: Waiting[]) {
  entries = value;
  localStorage.setItem(storageKey, JSON.stringify(value));
  for (const listener of listeners) listener();
  schedule();
}
function schedule() {
  window.clearTimeout(timer);
  if (due().length > 0) timer = window.setTimeout(() => void flush(), retryMs);
}

/** Only what the person who is signed in entered: the session says who did it. */
function due(): Waiting[] {
  return entries.filter((one) => one.login === owner && !one.refused);
}
export function sendFor(login: string) {
  owner = login;
  schedule();
}

export async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (const entry of due()) {
      try {
        await post(entry.path, entry.body, entry.key);
        write(entries.filter((one) => one.key !== entry.key));
        void queryClient.invalidateQueries({ queryKey: ["entity", entry.entity] });
      } catch (error) {
        if (error instanceof Unreachable) break;
        write(entries.map((one) =>
          one.key === entry.key ? { ...one, refused: problemText(error) } : one));
      }
    }
  } finally {
    sending = false;
    schedule();
  }
}

export function keep(entry: Waiting) {
  write([...entries.filter((one) => one.key !== entry.key), entry]);
}
export function drop(key: string) {
  write(entries.filter((one) => one.key !== key));
}

/** Only the entries of this person: computers are shared. */
export function useOutbox(login: string): Waiting[] {
  const all = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => entries);
  return all.filter((one) => one.login === login);
}

window.addEventListener("online", () => void flush());
