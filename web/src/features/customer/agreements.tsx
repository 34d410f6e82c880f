import { useDisputes } from "../../api/queries";
import type { Customer, Dispute, FollowUp, PromiseRecord } from "../../api/types";
import { relative, shortDay } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Chip, type Tone } from "../../ui/controls";
import type { IconName } from "../../ui/icon";
import { Amount } from "../../ui/money";
import { useMe } from "../session/me";

const look: Record<string, { tone?: Tone; icon: IconName }> = {
  open: { tone: "acc", icon: "promise" },
  kept: { tone: "good", icon: "check" },
  partly_kept: { tone: "warn", icon: "alert" },
  broken: { tone: "bad", icon: "x" },
  withdrawn: { icon: "undo" },
};

export function PromiseChip({ promise }: { promise: PromiseRecord }) {
  const { tone, icon } = look[promise.state] ?? { icon: "promise" as const };
  return (
    <Chip {...(tone ? { tone } : {})} icon={icon}>
      {promise.probably_kept ? t("promise.probably_kept") : tCode("promise_state", promise.state)}
    </Chip>
  );
}

const shownLines = 4;

/** What stands first, then the newest of what is settled; panels without content do not appear. */
export function Agreements({ customer, all }: { customer: Customer; all?: boolean }) {
  const { entity } = useMe();
  const read = useDisputes(entity.entity, { customer: customer.customer, state: "open" });
  const disputes = read.data?.pages.flatMap((page) => page.items) ?? [];
  const followUps = customer.follow_ups.filter((one) => !one.closed_on);
  const standing = customer.promises.filter((one) => one.state !== "withdrawn");
  const room = all ? standing.length : Math.max(1, shownLines - disputes.length - followUps.length);
  const promises = [...standing]
    .sort((a, b) => Number(b.state === "open") - Number(a.state === "open") ||
      b.deadline.localeCompare(a.deadline)).slice(0, room);
  return (
    <section className="sec" aria-label={t("customer.agreements")}>
      <header><h2 className="h2">{t("customer.agreements")}</h2></header>
      {promises.length + disputes.length + followUps.length === 0 && (
        <p className="ct s t3">{t("customer.no_agreements")}</p>
      )}
      {disputes.map((dispute) => <DisputeRow key={dispute.dispute_id} dispute={dispute} />)}
      {followUps.map((one) => (
        <FollowUpRow key={one.follow_up_id} followUp={one} today={entity.today} />
      ))}
      {promises.map((promise) => (
        <div className="ct pd" key={promise.promise}>
          <span className="row wrap what">
            <PromiseChip promise={promise} />
            <span className="m"><Amount value={promise.amount} currency={promise.currency} /></span>
          </span>
          <span className="s t2 tn num">{t("promise.due", { day: shortDay(promise.by) })}</span>
          <span className="s t3 el">
            {[t("promise.one"), promise.items.map((item) => item.document).join(", ")].join(" · ")}
          </span>
          <span />
        </div>
      ))}
    </section>
  );
}

function DisputeRow({ dispute }: { dispute: Dispute }) {
  return (
    <div className="ct pd">
      <span className="row wrap what">
        <Chip tone="warn" icon="scale">{t("dispute.one")}</Chip>{" "}
        <span className="m"><Amount value={dispute.disputed} currency={dispute.currency} /></span>
      </span>
      <span className="s t2 tn num">
        {dispute.due && t("dispute.answer_by", { day: shortDay(dispute.due) })}
      </span>
      <span className="s t3 el">
        {[dispute.document, tCode("dispute_reason", dispute.reason), dispute.owner]
          .filter(Boolean).join(" · ")}
      </span>
      <span />
    </div>
  );
}

function FollowUpRow({ followUp, today }: { followUp: FollowUp; today: string }) {
  const late = followUp.due_on < today;
  return (
    <div className="ct pd">
      <span className="row wrap what">
        <Chip icon="clock">{t("followup.one")}</Chip>{" "}
        <span className="m">{tCode("next_action", followUp.action)}</span>
      </span>
      <span className={`s tn num ${late ? "bad" : "t2"}`}>{shortDay(followUp.due_on)}</span>
      <span className="s t3 el">
        {[tCode("followup_kind", followUp.kind), followUp.owner, relative(today, followUp.due_on)]
          .filter(Boolean).join(" · ")}
      </span>
      <span />
    </div>
  );
}
