import type { Call, CallLine, TimelineEntry } from "../../api/types";
import { useCalls, useTimeline } from "../../api/queries";
import { day, duration, money, seconds, shortDay, time, withDays } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Days } from "../../ui/aging";
import { Button, Chip } from "../../ui/controls";
import { Icon, type IconName } from "../../ui/icon";
import { Amount } from "../../ui/money";
import { Failed, Skeleton } from "../../ui/states";
import { useMe } from "../session/me";

const icons: Record<string, IconName> = {
  call: "phone", promise: "promise", promise_kept: "check", promise_partly_kept: "alert",
  promise_broken: "x", promise_withdrawn: "undo", payment: "cash", payment_returned: "undo",
  note: "note", document: "doc", credit: "doc", dispute: "scale", dispute_ended: "scale",
  hold: "pause", follow_up_closed: "check", remind: "mail", demand: "letter", escalate: "flag",
  guard: "shield", email: "mail", chat: "inbox", sms: "inbox", meeting: "users",
};
const tones: Record<string, string> = {
  call: "acc", promise_broken: "bad", promise_kept: "good", payment: "good", payment_returned: "bad",
};

/** One timeline, newest first; calls with what was discussed in them. */
export function Timeline({ customer, kinds, search }: {
  customer: string;
  kinds?: (kind: string) => boolean;
  search?: string;
}) {
  const { entity } = useMe();
  const read = useTimeline(entity.entity, customer);
  const calls = useCalls(entity.entity, { customer });
  if (read.error && !read.data) return <Failed error={read.error} onRetry={() => read.refetch()} />;
  if (!read.data) return <Skeleton rows={5} />;
  const byId = new Map(calls.data?.pages.flatMap((page) => page.items)
    .map((call) => [call.call_id, call]));
  const wanted = search?.toLowerCase() ?? "";
  const entries = read.data.pages.flatMap((page) => page.items)
    .filter((entry) => !kinds || kinds(entry.kind))
    .map((entry) => ({ entry, call: byId.get(entry.id) }))
    .filter((one) => !wanted || JSON.stringify(one).toLowerCase().includes(wanted));
  return (
    <>
      <ol className="tl">
        {entries.map(({ entry, call }) => (
          <Entry key={`${entry.kind}-${entry.id}-${entry.on}`} entry={entry} call={call}
            zone={entity.time_zone} />
        ))}
      </ol>
      {entries.length === 0 && <p className="ct s t3">{t("timeline.empty")}</p>}
      {read.hasNextPage && (
        <p className="pad">
          <Button small onClick={() => void read.fetchNextPage()} disabled={read.isFetchingNextPage}>
            {t("action.more")}
          </Button>
        </p>
      )}
    </>
  );
}

function Entry({ entry, call, zone }: {
  entry: TimelineEntry;
  call: CallLine | undefined;
  zone: string;
}) {
  return (
    <li>
      <span className="when">
        {shortDay(entry.on)}{entry.at && <><br />{time(entry.at, zone)}</>}
      </span>
      <span className={`ico ${tones[entry.kind] ?? ""}`}>
        <Icon name={icons[entry.kind] ?? "dot"} />
      </span>
      <div className="what">
        {call ? <CallEntry call={call} /> : <PlainEntry entry={entry} />}
      </div>
    </li>
  );
}

function PlainEntry({ entry }: { entry: TimelineEntry }) {
  // A broken promise has the amount that came in; nothing is not worth a figure.
  const nothingCame = entry.kind === "promise_broken" && /^[0.]+$/.test(entry.amount ?? "");
  const amount = nothingCame ? "" : entry.amount;
  return (
    <>
      <span className="m">{tCode(entry.id ? "timeline" : "step", entry.kind)}</span>{" "}
      <span className="t2">
        {amount && <><Amount value={amount} currency={entry.currency ?? ""} />{" "}</>}
        {entry.number && <span className="tn">{entry.number} </span>}
        {withDays(entry.text)}
        {entry.person && <span className="t3"> · {entry.person}</span>}
      </span>
    </>
  );
}

/** A call as it was: what was said, and the balances as discussed, sealed. */
export function CallEntry({ call }: { call: Call }) {
  return (
    <>
      <span className="m">
        {t("timeline.call", { disposition: tCode("disposition", call.disposition) })}
      </span>{" "}
      <span className="t2">
        {[call.contact, duration(seconds(call.started_at, call.ended_at)), call.author]
          .filter(Boolean).join(" · ")}
      </span>
      {call.notes && <div className="t2">{call.notes}</div>}
      {call.items.length > 0 && <Frozen call={call} />}
      <CallChips call={call} />
    </>
  );
}

export function CallChips({ call }: { call: Call }) {
  return (
    <div className="links">
      {call.promises.map((promise) => (
        <Chip key={promise} tone="acc" icon="promise">{promise}</Chip>
      ))}
      {call.reason_for_delay && <Chip>{tCode("delay", call.reason_for_delay)}</Chip>}
      {call.next_action && call.next_action !== "none" && (
        <Chip icon="clock">
          {t("timeline.next", {
            action: tCode("next_action", call.next_action), day: shortDay(call.next_on ?? ""),
          })}
        </Chip>
      )}
      {call.logged_late && <Chip tone="warn" icon="clock">{t("call.late")}</Chip>}
      {call.version > 1 && <Chip icon="edit">{t("call.amended")}</Chip>}
    </div>
  );
}

export function Frozen({ call, now }: { call: Call; now?: Map<string, string> }) {
  const { entity } = useMe();
  return (
    <div className="frozen">
      <div className="cap">
        <Icon name="lock" small />
        {t("call.as_discussed", { day: day(call.business_date) })}
        <span className="sp" />
        {time(call.started_at, entity.time_zone)}
      </div>
      <table>
        <tbody>
          {call.items.map((item) => {
            const key = `${item.document}#${item.instalment}`;
            const present = now?.get(key);
            return (
              <tr key={key}>
                <td className="tn">
                  {item.document}{item.instalment > 1 ? `/${item.instalment}` : ""}
                </td>
                <td className="n"><Days value={item.days_overdue} /></td>
                <td className="n"><Amount value={item.open} currency={item.currency} /></td>
                {now && (
                  <td className="n t2">
                    {present === undefined ? t("call.settled")
                      : present === item.open ? "" : t("call.now", {
                        amount: money(present, item.currency) })}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

