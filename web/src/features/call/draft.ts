import { useSyncExternalStore } from "react";
import { idempotencyKey } from "../../api/client";
import { serverNow } from "../../api/clock";

/** What a collector has entered of a call; it survives a reload and a lost connection. */
export type Outcome = "" | "R" | "L" | "A" | "W" | "B" | "X";
export type Answer = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface PromiseDraft {
  currency: string;
  amount: string;
  by: string;
  /** "INV-1#1"; the amount is spread over them, oldest first. */
  items: string[];
  basis: "" | "overdue" | "item";
}
export interface NextDraft { action: string; on: string; reason: string; chosen: boolean }
export interface DisputeDraft {
  document: string;
  instalment: number;
  amount: string;
  currency: string;
  reason: string;
}
export interface CallDraft {
  key: string;
  /** The call is in the log; only its dispute is still to be recorded. */
  logged?: boolean;
  customer: string;
  startedAt: string;
  keptAt: string;
  contact: string;
  outcome: Outcome;
  answer: Answer;
  /** null: everything overdue, as it stands when the call is saved. */
  items: string[] | null;
  promise: PromiseDraft | null;
  dispute: DisputeDraft | null;
  reason: string;
  /** Why an earlier promise was broken, in their words. */
  broken: string;
  note: string;
  next: NextDraft;
}

const prefix = "arrears.draft.";
const listeners = new Set<() => void>();
const cache = new Map<string, CallDraft | null>();

function storageKey(login: string, entity: string, customer: string): string {
  return `${prefix}${login}.${entity}.${customer}`;
}

function read(key: string): CallDraft | null {
  const known = cache.get(key);
  if (known !== undefined) return known;
  let value: CallDraft | null = null;
  try {
    const text = localStorage.getItem(key);
    value = text ? (JSON.parse(text) as CallDraft) : null;
  } catch {
    localStorage.removeItem(key);
  }
  cache.set(key, value);
  return value;
}

function write(key: string, value: CallDraft | null) {
  cache.set(key, value);
  if (value) localStorage.setItem(key, JSON.stringify(value));
  else localStorage.removeItem(key);
  for (const listener of listeners) listener();
}

export interface DraftHandle {
  draft: CallDraft | null;
  start: (contact: string) => void;
  update: (change: Partial<CallDraft>) => void;
  discard: () => void;
  restore: (draft: CallDraft) => void;
}

export function useCallDraft(login: string, entity: string, customer: string): DraftHandle {
  const key = storageKey(login, entity, customer);
  const draft = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(key),
  );
  return {
    draft,
    start: (contact) => {
      if (read(key)) return;
      const now = serverNow().toISOString();
      write(key, {
        key: idempotencyKey(), customer, startedAt: now, keptAt: now, contact, outcome: "",
        answer: 0, items: null, promise: null, dispute: null, reason: "", broken: "", note: "",
        next: { action: "", on: "", reason: "", chosen: false },
      });
    },
    update: (change) => {
      const present = read(key);
      if (present) write(key, { ...present, ...change, keptAt: serverNow().toISOString() });
    },
    discard: () => write(key, null),
    restore: (value) => write(key, value),
  };
}

/** The customers with a draft of this person. */
export function draftedCustomers(login: string, entity: string): string[] {
  const start = storageKey(login, entity, "");
  return Object.keys(localStorage).filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length));
}

export const outcomeKeys = ["R", "L", "A", "W", "B", "X"] as const;
export const answers = [1, 2, 3, 4, 5, 6, 7, 8] as const;
