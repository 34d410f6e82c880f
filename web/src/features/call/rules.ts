import type { Customer, OpenItem, PromiseRecord } from "../../api/types";
import { addDays, fromMinor, minor, nextWorkday, sum } from "../../texts/format";
import type { Answer, CallDraft, NextDraft, Outcome, PromiseDraft } from "./draft";

/** What the choices of the call panel mean to the call log. Pure: values in, values out. */

export const itemKey = (item: { number: string; instalment: number }) =>
  `${item.number}#${item.instalment}`;

interface Meaning { disposition: string; line: string }
export const outcomes: Record<Exclude<Outcome, "">, Meaning> = {
  R: { disposition: "right_party_reached", line: "answered" },
  L: { disposition: "message_left", line: "answered" },
  A: { disposition: "not_reached", line: "no_answer" },
  W: { disposition: "wrong_party", line: "answered" },
  B: { disposition: "not_reached", line: "busy" },
  X: { disposition: "bad_number", line: "invalid_number" },
};

/** The eight answers of the plain script: the reason for delay that each one stands for. */
export const answerReasons: Record<Exclude<Answer, 0>, string> = {
  1: "", 2: "internal_approval_delay", 3: "invoice_not_received", 4: "cash_flow",
  5: "dispute", 6: "already_paid", 7: "", 8: "",
};

export function dispositionOf(draft: CallDraft): string {
  if (!draft.outcome) return "";
  if (draft.outcome === "R" && draft.answer === 8) return "refused_to_talk";
  return outcomes[draft.outcome].disposition;
}

/** The next action that follows from what is entered; empty where a person has to choose. */
export function proposedNext(draft: CallDraft, businessDate: string): NextDraft {
  const next = (action: string, on: string): NextDraft =>
    ({ action, on, reason: "", chosen: false });
  if (draft.promise?.by) return next("wait_for_payment", nextWorkday(draft.promise.by));
  switch (draft.outcome) {
    case "L": case "A": case "B": return next("call", nextWorkday(businessDate));
    case "W": case "X": return next("fix_contact", nextWorkday(businessDate));
    case "R": break;
    case "": return next("", "");
  }
  switch (draft.answer) {
    case 2: case 4: case 5: return next("call", nextWorkday(addDays(businessDate, 6)));
    case 3: return next("send_copy", businessDate);
    case 6: return next("wait_for_payment", nextWorkday(addDays(businessDate, 2)));
    case 8: return next("escalate", businessDate);
    default: return next("", "");
  }
}

export function nextOf(draft: CallDraft, businessDate: string): NextDraft {
  return draft.next.chosen ? draft.next : proposedNext(draft, businessDate);
}

/** Items that can be promised: open, positive. */
export function owed(items: OpenItem[]): OpenItem[] {
  return items.filter((item) => !item.open.startsWith("-"));
}
export function overdue(items: OpenItem[]): OpenItem[] {
  return owed(items).filter((item) => item.days_overdue > 0);
}
/** What of an item is chased: open less disputed. */
export function chased(item: OpenItem): string {
  const decimals = (item.open.split(".")[1] ?? "").length;
  return fromMinor(minor(item.open) - minor(item.disputed), decimals);
}

export function promiseOfAll(items: OpenItem[], currency: string, by: string): PromiseDraft {
  const chosen = overdue(items).filter((item) => item.currency === currency);
  return {
    currency, by, basis: "overdue", items: chosen.map(itemKey), amount: sum(chosen.map(chased)),
  };
}
export function promiseOfItem(item: OpenItem, by: string): PromiseDraft {
  return {
    currency: item.currency, by, basis: "item", items: [itemKey(item)], amount: chased(item),
  };
}

/** Whether an item under a broken promise was talked about: the log wants to know why it broke. */
export function discussesBroken(draft: CallDraft, customer: Customer | undefined): boolean {
  if (!customer || dispositionOf(draft) !== "right_party_reached") return false;
  const discussed = new Set(draft.items ?? overdue(customer.items).map(itemKey));
  return customer.promises.some((promise) =>
    (promise.state === "broken" || promise.state === "partly_kept") &&
    promise.items.some((item) => discussed.has(`${item.document}#${item.instalment}`)));
}

/** Open promises of items that are promised anew: the new promise takes their place. */
export function replaced(draft: CallDraft, customer: Customer | undefined): PromiseRecord[] {
  const anew = new Set(draft.promise?.items ?? []);
  return (customer?.promises ?? []).filter((promise) => promise.state === "open" &&
    promise.items.some((item) => anew.has(`${item.document}#${item.instalment}`)));
}

/** What is missing before the call can be saved, as a text key; null where nothing is. */
export function missing(draft: CallDraft, businessDate: string, customer: Customer | undefined):
  "call.need_outcome" | "call.need_amount" | "call.need_day" | "call.need_next"
  | "call.need_dispute" | "call.need_broken" | "call.need_next_day" | "call.need_next_reason" | null {
  if (!draft.outcome) return "call.need_outcome";
  if (!draft.broken && !draft.reason && discussesBroken(draft, customer)) return "call.need_broken";
  if (draft.promise && !draft.promise.amount) return "call.need_amount";
  if (draft.promise && !draft.promise.by) return "call.need_day";
  if (draft.dispute && (!draft.dispute.reason || !draft.dispute.amount)) return "call.need_dispute";
  const next = nextOf(draft, businessDate);
  if (!next.action) return "call.need_next";
  if (next.action === "none") return next.reason ? null : "call.need_next_reason";
  return next.on ? null : "call.need_next_day";
}

/** The body of POST .../calls. `why` is the label of the chosen reason for delay. */
export function bodyOf(
  draft: CallDraft, endedAt: string, businessDate: string, customer: Customer, why: string,
) {
  const items = customer.items;
  const next = nextOf(draft, businessDate);
  const discussed = draft.items ?? overdue(items).map(itemKey);
  return {
    started_at: draft.startedAt,
    ended_at: endedAt < draft.startedAt ? draft.startedAt : endedAt,
    direction: "outbound",
    contact: draft.contact,
    line_outcome: draft.outcome ? outcomes[draft.outcome].line : "answered",
    disposition: dispositionOf(draft),
    items: discussed,
    reason_for_delay: draft.reason,
    ...(discussesBroken(draft, customer) ? { broken_promise_reason: draft.broken || why } : {}),
    notes: draft.note,
    next_action: next.action,
    next_on: next.action === "none" ? "" : next.on,
    next_reason: next.action === "none" ? next.reason : "",
    promises: draft.promise
      ? [{ amount: draft.promise.amount, by: draft.promise.by,
          items: draft.promise.items.length > 0 ? draft.promise.items : discussed,
          supersedes: replaced(draft, customer).map((one) => one.promise) }]
      : [],
  };
}
