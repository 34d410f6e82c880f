import { type ReactNode, type RefObject, useRef, useState } from "react";
import { serverNow } from "../../api/clock";
import { useDisputeReasons, useGuard, useReasons } from "../../api/queries";
import { dayMonth, decimal, duration, money, said, shortDay, sum, time } from "../../texts/format";
import { knowsCode, t, tCode } from "../../texts";
import { problemText } from "../../texts/problems";
import { AmountField } from "../../ui/amount-field";
import { Button, Chip, Choice, Note, Seg } from "../../ui/controls";
import { DayField } from "../../ui/day-field";
import { Icon } from "../../ui/icon";
import { type Command, scopeRank, useCommands, useTick } from "../../ui/keys";
import { CallableNow } from "../customer/contacts";
import { useMe } from "../session/me";
import { type Answer, answers, type Outcome, outcomeKeys } from "./draft";
import { NextAction } from "./next-action";
import { chased, nextOf, overdue, replaced } from "./rules";
import type { CallHandle } from "./use-call";

/** Opens beside the customer, never over the items. Everything has a key and a button. */
export function CallPanel({ call, onClose }: { call: CallHandle; onClose: () => void }) {
  const { entity } = useMe();
  const note = useRef<HTMLTextAreaElement>(null);
  const broken = useRef<HTMLInputElement>(null);
  const { draft, actions } = call;
  useCommands(t("keys.call"), scopeRank.panel, draft ? commandsOf(call, onClose, note, broken) : []);
  if (!draft) return null;
  const reached = draft.outcome === "R";
  return (
    <section className="call" aria-label={t("call.panel")} data-pane tabIndex={-1}>
      <CallHead call={call} onClose={onClose} />
      <div className="scroll">
        <Block title={t("call.answer")}>
          <div className="g2 answers">
            {answers.map((answer) => (
              <Choice key={answer} keys={String(answer)} label={t(`answer.${answer}`)}
                chosen={draft.answer === answer} onChoose={() => actions.answer(answer)} />
            ))}
          </div>
        </Block>
        <Block title={t("call.outcome")}>
          <div className="g3">
            {outcomeKeys.map((outcome) => (
              <Choice key={outcome} keys={outcome} label={t(`outcome.${outcome}`)}
                chosen={draft.outcome === outcome} onChoose={() => actions.outcome(outcome)} />
            ))}
          </div>
        </Block>
        {(reached || draft.promise) && <PromiseBlock call={call} />}
        {draft.dispute && <DisputeBlock call={call} />}
        <div className="blk">
          {reached && <ReasonRow call={call} />}
          {call.broke && (
            <div className="two">
              <label className="s t2 m" htmlFor="call-broken">{t("call.broken")} <kbd>Y</kbd></label>
              <input id="call-broken" ref={broken} className="in" value={draft.broken}
                placeholder={draft.reason ? t("call.broken_as_reason") : t("call.broken_why")}
                onChange={(event) => call.update({ broken: event.target.value })} />
            </div>
          )}
          <div className="two">
            <label className="s t2 m" htmlFor="call-note">{t("call.note")} <kbd>N</kbd></label>
            <textarea id="call-note" ref={note} className="in area" rows={3} value={draft.note}
              onChange={(event) => call.update({ note: event.target.value })} />
          </div>
        </div>
        <NextAction call={call} today={entity.today} />
      </div>
      <CallFoot call={call} />
    </section>
  );
}

function commandsOf(
  call: CallHandle, onClose: () => void, note: RefObject<HTMLTextAreaElement | null>,
  broken: RefObject<HTMLInputElement | null>,
): Command[] {
  const { actions, days, draft } = call;
  const keyOnly = true;
  const reached = draft?.outcome === "R";
  const choose = (outcome: Exclude<Outcome, "">): Command => ({
    id: `outcome-${outcome}`, keys: [outcome.toLowerCase()], keyOnly,
    label: t(`outcome.${outcome}`), run: () => actions.outcome(outcome),
  });
  const answer = (value: Exclude<Answer, 0>): Command => ({
    id: `answer-${value}`, keys: [String(value)], keyOnly, label: t(`answer.${value}`),
    run: () => actions.answer(value),
  });
  return [
    { id: "save-next", keys: ["Ctrl+Enter"], label: t("call.save_next"), run: () => void call.save(true) },
    { id: "save", keys: ["Ctrl+Shift+Enter"], label: t("call.save"), run: () => void call.save(false) },
    ...outcomeKeys.map(choose),
    ...answers.map(answer),
    { id: "all", keys: ["o"], label: t("promise.all_overdue"), run: actions.allOverdue, keyOnly,
      disabled: !reached },
    { id: "item", keys: ["i"], label: t("promise.this_item"), run: actions.thisItem, keyOnly,
      disabled: !reached },
    { id: "friday", keys: ["f"], label: t("promise.friday"), run: () => actions.day(days.friday),
      keyOnly, disabled: !reached },
    { id: "week", keys: ["d"], label: t("promise.week"), run: () => actions.day(days.week), keyOnly,
      disabled: !reached },
    { id: "item-next", keys: ["j", "ArrowDown"], label: t("command.next_item"),
      run: () => actions.move(1), keyOnly },
    { id: "item-previous", keys: ["k", "ArrowUp"], label: t("command.previous_item"),
      run: () => actions.move(-1), keyOnly },
    { id: "item-toggle", keys: ["Space"], label: t("command.toggle_item"),
      run: () => actions.toggle(call.item), keyOnly },
    { id: "note", keys: ["n"], label: t("call.note"), run: () => note.current?.focus(), keyOnly },
    { id: "broken", keys: ["y"], label: t("call.broken_why"), run: () => broken.current?.focus(),
      keyOnly, disabled: !call.broke },
    { id: "close", keys: ["Escape"], label: t("call.put_aside"), run: onClose, keyOnly },
  ];
}

function Block({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  return (
    <div className="blk">
      <div className="row"><h3 className="s t2 m">{title}</h3><span className="sp" />{more}</div>
      {children}
    </div>
  );
}

function CallHead({ call, onClose }: { call: CallHandle; onClose: () => void }) {
  const { entity } = useMe();
  const [, redraw] = useState(0);
  const { draft, customer } = call;
  const guard = useGuard(entity.entity, draft?.customer ?? "").data?.get(draft?.contact ?? "");
  useTick(() => redraw((count) => count + 1));
  if (!draft) return null;
  const contacts = customer?.contacts.filter((one) => one.active) ?? [];
  const contact = contacts.find((one) => one.contact_id === draft.contact);
  const elapsed = (serverNow().getTime() - Date.parse(draft.startedAt)) / 1000;
  return (
    <div className="blk">
      <div className="row">
        <Chip tone="acc" icon="phone">{t("call.running")}</Chip>
        <span className="sp" />
        <span className="timer" role="timer" aria-live="off">{duration(elapsed)}</span>
      </div>
      <div className="row">
        {contacts.length > 1 ? (
          <select className="in contact" aria-label={t("call.contact")} value={draft.contact}
            onChange={(event) => call.update({ contact: event.target.value })}>
            {contacts.map((one) => (
              <option key={one.contact_id} value={one.contact_id}>{one.contact}</option>
            ))}
          </select>
        ) : <span className="m el">{contact?.contact ?? t("call.no_contact")}</span>}
        <span className="sp" />
        {guard && <CallableNow decision={guard} zone={entity.time_zone} />}
        <Button kind="quiet" small iconOnly icon="x" title={`${t("call.put_aside")} (Esc)`}
          aria-label={t("call.put_aside")} onClick={onClose} />
      </div>
      {contact?.phone && <a className="tn s" href={`tel:${contact.phone}`}>{contact.phone}</a>}
      {guard && !guard.allowed && (
        <Note tone="warn" icon="ban">
          {t("guard.refused", { reason: said(guard.text), rule: guard.rule })}
        </Note>
      )}
    </div>
  );
}

function PromiseBlock({ call }: { call: CallHandle }) {
  const { entity } = useMe();
  const { draft, actions, items, item, currency, currencies, days } = call;
  if (!draft) return null;
  const promise = draft.promise;
  const all = sum(overdue(items).filter((one) => one.currency === currency).map(chased));
  return (
    <Block title={t("promise.one")} more={currencies.length > 1 ? (
      <Seg label={t("field.currency")} value={currency} onChange={actions.currency}
        options={currencies.map((one) => ({ value: one, label: one }))} />
    ) : promise && (
      <button type="button" className="link s" onClick={() => call.update({ promise: null })}>
        {t("promise.none")}
      </button>
    )}>
      <div className="g2">
        <AmountField label={t("promise.amount")} currency={currency} value={promise?.amount ?? ""}
          onChange={actions.amount} />
        <DayField label={t("promise.by")} value={promise?.by ?? ""} onChange={actions.day}
          businessDate={entity.today} future />
        <Choice keys="O" label={t("promise.all_overdue")} consequence={decimal(all)}
          chosen={promise?.basis === "overdue"} onChoose={actions.allOverdue} />
        <Choice keys="F" label={t("promise.friday")} consequence={dayMonth(days.friday)}
          chosen={promise?.by === days.friday} onChoose={() => actions.day(days.friday)} />
        <Choice keys="I" label={item?.number ?? t("promise.this_item")}
          consequence={item ? decimal(item.open) : ""} disabled={!item || item.open.startsWith("-")}
          chosen={promise?.basis === "item" && promise.items[0]?.startsWith(`${item?.number}#`) === true}
          onChoose={actions.thisItem} />
        <Choice keys="D" label={t("promise.week")} consequence={dayMonth(days.week)}
          chosen={promise?.by === days.week} onChoose={() => actions.day(days.week)} />
      </div>
      {replaced(draft, call.customer).map((one) => (
        <p className="s t2" key={one.promise}>
          <Icon name="transfer" small />{" "}
          {t("promise.replaces", { amount: money(one.amount, one.currency), day: shortDay(one.by) })}
        </p>
      ))}
    </Block>
  );
}

function DisputeBlock({ call }: { call: CallHandle }) {
  const reasons = useDisputeReasons();
  const dispute = call.draft?.dispute;
  if (!dispute) return null;
  const set = (change: Partial<typeof dispute>) => call.update({ dispute: { ...dispute, ...change } });
  return (
    <Block title={t("dispute.of", { document: dispute.document })}>
      <div className="g2">
        <AmountField label={t("dispute.amount")} currency={dispute.currency} value={dispute.amount}
          onChange={(amount) => set({ amount })} />
        <select className="in" aria-label={t("dispute.reason")} value={dispute.reason}
          onChange={(event) => set({ reason: event.target.value })}>
          <option value="">{t("dispute.reason")}</option>
          {reasons.data?.map((one) => (
            <option key={one.reason} value={one.reason}>{wordOf("dispute_reason", one)}</option>
          ))}
        </select>
      </div>
      <p className="s t3">{t("dispute.hint")}</p>
    </Block>
  );
}

/** The site may have reasons of its own: their label is theirs in every language. */
function wordOf(family: string, one: { reason: string; label: string }): string {
  return knowsCode(family, one.reason) ? tCode(family, one.reason) : one.label;
}

function ReasonRow({ call }: { call: CallHandle }) {
  const reasons = useReasons();
  return (
    <div className="two">
      <label className="s t2 m" htmlFor="call-reason">{t("call.reason")}</label>
      <select id="call-reason" className="in" value={call.draft?.reason ?? ""}
        onChange={(event) => call.update({ reason: event.target.value })}>
        <option value="">{t("call.no_reason")}</option>
        {reasons.data?.map((reason) => (
          <option key={reason.reason} value={reason.reason}>
            {wordOf("delay", reason)}
          </option>
        ))}
      </select>
    </div>
  );
}

function CallFoot({ call }: { call: CallHandle }) {
  const { entity } = useMe();
  const { draft, missing, error } = call;
  if (!draft) return null;
  const next = nextOf(draft, entity.today);
  return (
    <div className="foot">
      {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
      <div className="row s t3">
        <span className={`el ${missing ? "warn" : "t2"}`} role="status">
          {missing ? <><Icon name="alert" small /> {t(missing)}</>
            : t("call.next_is", {
              action: tCode("next_action", next.action), day: next.on ? dayMonth(next.on) : "" })}
        </span>
        <span className="sp" />
        <button type="button" className="link s" onClick={call.discard}>{t("call.discard")}</button>
        <span className="tn nowrap">
          {t("call.kept_at", { time: time(draft.keptAt, entity.time_zone) })}
        </span>
      </div>
      <div className="row">
        <Button kind="primary" className="grow" keys="Ctrl+Enter" disabled={missing !== null || call.busy}
          onClick={() => void call.save(true)}>
          {t("call.save_next")}
        </Button>
        <Button disabled={missing !== null || call.busy} onClick={() => void call.save(false)}
          title="Ctrl ⇧ ↵">
          {t("call.save")}
        </Button>
      </div>
    </div>
  );
}
