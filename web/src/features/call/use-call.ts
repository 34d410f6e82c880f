import { useEffect, useMemo, useState } from "react";
import { idempotencyKey, post, Unreachable } from "../../api/client";
import { noteOwnChange } from "../../api/changes";
import { serverNow } from "../../api/clock";
import { inEntity, useCustomer, useReasons, useRefresh } from "../../api/queries";
import type { Customer, LoggedCall, OpenItem } from "../../api/types";
import { addDays, nextWeekday } from "../../texts/format";
import { orderedItems } from "../customer/items";
import { useMe } from "../session/me";
import { type Answer, type CallDraft, type Outcome, useCallDraft } from "./draft";
import { keep } from "./outbox";
import {
  answerReasons, bodyOf, discussesBroken, itemKey, missing, overdue, promiseOfAll, promiseOfItem,
} from "./rules";

export interface ItemsInCall {
  selected: Set<string>;
  promised: Set<string>;
  cursor: number;
  onToggle: (item: OpenItem) => void;
  onCursor: (index: number) => void;
}

const friday = 5;

/** A call with one customer: the draft, what the keys do to it, and saving it. */
export function useCall(number: string, onSaved: (andNext: boolean, saved: boolean) => void) {
  const { session, entity } = useMe();
  const handle = useCallDraft(session.login, entity.entity, number);
  const { draft, update } = handle;
  const customer = useCustomer(entity.entity, number).data;
  const refresh = useRefresh(entity.entity);
  const why = useReasons().data?.find((one) => one.reason === draft?.reason)?.label ?? "";
  const [cursor, setCursor] = useState<{ of: string; at: number }>({ of: "", at: -1 });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // A call begins when its customer is there: what is discussed and who is called hang on it.
  const [wanted, setWanted] = useState(false);
  const today = entity.today;

  const items = useMemo(() => (customer ? orderedItems(customer) : []), [customer]);
  const late = useMemo(() => overdue(items), [items]);
  const firstLate = items.findIndex((item) => item === late[0]);
  const at = cursor.of === number && cursor.at < items.length ? cursor.at : Math.max(0, firstLate);
  const selected = useMemo(
    () => new Set(draft?.items ?? late.map(itemKey)), [draft?.items, late]);
  const currencies = useMemo(() => [...new Set(late.map((item) => item.currency))], [late]);
  const currency = draft?.promise?.currency ?? items[at]?.currency ?? currencies[0] ??
    entity.currency;

  const setPromise = (promise: CallDraft["promise"]) => update({ promise });
  const by = draft?.promise?.by ?? "";
  const actions = {
    move: (step: number) => setCursor({
      of: number, at: Math.max(0, Math.min(items.length - 1, at + step)),
    }),
    toggle: (item: OpenItem | undefined) => {
      if (!item) return;
      const next = new Set(selected);
      if (!next.delete(itemKey(item))) next.add(itemKey(item));
      update({ items: [...next] });
    },
    outcome: (outcome: Outcome) => update(outcome === "R" ? { outcome }
      : { outcome, promise: null, answer: 0 }),
    answer: (answer: Answer) => {
      if (answer === 0) return;
      const reason = answerReasons[answer];
      const item = items[at];
      update({
        answer,
        outcome: answer === 7 ? "W" : "R",
        ...(reason ? { reason } : {}),
        ...(answer === 1 && !draft?.promise ? { promise: promiseOfAll(items, currency, by) } : {}),
        ...(answer !== 1 && answer !== 2 ? { promise: null } : {}),
        dispute: answer === 5 && item
          ? { document: item.number, instalment: item.instalment, amount: item.open,
              currency: item.currency, reason: "" }
          : null,
      });
    },
    allOverdue: () => setPromise(promiseOfAll(items, currency, by)),
    thisItem: () => {
      const item = items[at];
      if (item && !item.open.startsWith("-")) setPromise(promiseOfItem(item, by));
    },
    day: (day: string) => setPromise(draft?.promise
      ? { ...draft.promise, by: day } : { ...promiseOfAll(items, currency, day) }),
    amount: (amount: string) => setPromise({
      currency, by, basis: "", amount,
      items: [...selected].filter((key) =>
        items.some((item) => itemKey(item) === key && item.currency === currency)),
    }),
    currency: (value: string) => setPromise(promiseOfAll(items, value, by)),
    next: (action: string, on: string) =>
      update({ next: { action, on, reason: draft?.next.reason ?? "", chosen: true } }),
  };
  const days = { friday: nextWeekday(today, friday), week: addDays(today, 7) };

  async function save(andNext: boolean) {
    if (!draft || !customer || busy || missing(draft, today, customer)) return;
    setBusy(true);
    setError(null);
    const path = inEntity(entity.entity, "customers", number, "calls");
    const body = bodyOf(draft, serverNow().toISOString(), today, customer, why);
    noteOwnChange(number);
    const about = { login: session.login, entity: entity.entity, customer: number,
      name: customer.name, draft };
    const entries = [
      ...(draft.logged ? [] : [{ ...about, key: draft.key, path, body }]),
      ...(draft.dispute ? [{
        ...about, key: `${draft.key}-dispute`, body: disputeBody(draft),
        path: inEntity(entity.entity, "customers", number, "disputes"),
      }] : []),
    ];
    try {
      for (const entry of entries) {
        await post<LoggedCall>(entry.path, entry.body, entry.key);
        if (entry.key === draft.key) update({ logged: true });
      }
      finish(andNext, true);
    } catch (failure) {
      if (failure instanceof Unreachable) {
        for (const entry of entries) keep(entry);
        finish(andNext, false);
      } else {
        setError(failure);
        // It was refused, so nothing happened under this key; what is mended is another entry.
        update({ key: idempotencyKey() });
      }
    } finally {
      setBusy(false);
    }
  }
  function finish(andNext: boolean, saved: boolean) {
    handle.discard();
    void refresh("customers", number);
    void refresh("progress");
    onSaved(andNext, saved);
  }

  useEffect(() => {
    if (!wanted || !customer) return;
    setWanted(false);
    handle.start(firstCallable(customer));
  }, [wanted, customer, handle]);

  const promised = new Set(draft?.promise?.items ?? []);
  const inCall: ItemsInCall | undefined = draft
    ? { selected, promised, cursor: at, onToggle: actions.toggle,
        onCursor: (index) => setCursor({ of: number, at: index }) }
    : undefined;
  return {
    ...handle, customer, items, item: items[at], currency, currencies, days, actions, inCall,
    missing: draft ? missing(draft, today, customer) : null,
    broke: draft !== null && discussesBroken(draft, customer),
    busy, error, save,
    begin: () => setWanted(true),
  };
}

export type CallHandle = ReturnType<typeof useCall>;

function firstCallable(customer: Customer | undefined): string {
  const contacts = customer?.contacts.filter((contact) => contact.active) ?? [];
  return (contacts.find((contact) => contact.phone !== "") ?? contacts[0])?.contact_id ?? "";
}

function disputeBody(draft: CallDraft) {
  const dispute = draft.dispute;
  return {
    document: dispute?.document, amount: dispute?.amount, reason: dispute?.reason, text: draft.note,
  };
}
