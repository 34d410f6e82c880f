import { nextWorkday, shortDay } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Choice } from "../../ui/controls";
import { DayField } from "../../ui/day-field";
import { type Command, scopeRank, useCommands } from "../../ui/keys";
import { nextOf } from "./rules";
import type { CallHandle } from "./use-call";

const oneKey = [
  { keys: "P", action: "wait_for_payment" },
  { keys: "C", action: "call" },
  { keys: "S", action: "send_copy" },
  { keys: "E", action: "escalate" },
] as const;
const others = ["email", "letter", "fix_contact", "none"];

/** Required. What follows from the entry is proposed; accepting it is doing nothing. */
export function NextAction({ call, today }: { call: CallHandle; today: string }) {
  const { draft, actions } = call;
  const next = draft ? nextOf(draft, today) : { action: "", on: "", reason: "", chosen: false };
  const dayOf = (action: string) => {
    if (action === "wait_for_payment") return nextWorkday(draft?.promise?.by || nextWorkday(today));
    return action === "send_copy" || action === "escalate" ? today : nextWorkday(today);
  };
  const choose = (action: string) => actions.next(action, action === "none" ? "" : dayOf(action));
  useCommands(t("keys.call"), scopeRank.panel, oneKey.map((one): Command => ({
    id: `next-${one.action}`, keys: [one.keys.toLowerCase()], keyOnly: true,
    label: tCode("next_action", one.action), run: () => choose(one.action),
  })));
  return (
    <div className="blk">
      <div className="row">
        <h3 className="s t2 m">{t("call.next")}</h3><span className="s t3">{t("field.required")}</span>
      </div>
      <div className="g2">
        {oneKey.map((one) => (
          <Choice key={one.action} keys={one.keys} label={tCode("next_action", one.action)}
            consequence={next.action === one.action && next.on ? shortDay(next.on) : ""}
            chosen={next.action === one.action} onChoose={() => choose(one.action)} />
        ))}
        <select className="in" aria-label={t("call.next_other")}
          value={others.includes(next.action) ? next.action : ""}
          onChange={(event) => { if (event.target.value) choose(event.target.value); }}>
          <option value="">{t("call.next_other")}</option>
          {others.map((action) => (
            <option key={action} value={action}>{tCode("next_action", action)}</option>
          ))}
        </select>
        {next.action === "none" ? (
          <input className="in" aria-label={t("call.next_reason")} placeholder={t("call.next_reason")}
            value={next.reason}
            onChange={(event) => call.update({
              next: { ...next, reason: event.target.value, chosen: true },
            })} />
        ) : (
          <DayField label={t("call.next_on")} value={next.on} businessDate={today} future
            onChange={(day) => actions.next(next.action, day)} />
        )}
      </div>
    </div>
  );
}
