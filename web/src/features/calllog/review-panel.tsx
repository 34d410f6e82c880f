import { useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity, useCallVersions, useCustomer, useRefresh } from "../../api/queries";
import type { CallLine } from "../../api/types";
import { day, duration, fullDay, seconds, shortDay, time } from "../../texts/format";
import { t, tCode } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Chip, Note } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { scopeRank, useCommands } from "../../ui/keys";
import { Link } from "../../ui/router";
import { itemKey } from "../call/rules";
import { CallChips, Frozen } from "../customer/timeline";
import { useMe, useRoom } from "../session/me";

/** Read, asked back, to coach: by shape, not by colour. */
export function ReviewMark({ mark }: { mark: string }) {
  if (!mark) return null;
  const label = tCode("review", mark);
  if (mark === "read") {
    return <span className="rv on" role="img" aria-label={label}><Icon name="check" /></span>;
  }
  return <span className="rv ask" role="img" aria-label={label}>?</span>;
}

/** One entry as it was given, sealed, with its amendments and the manager's marks. */
export function ReviewPanel({ call, onNext }: { call: CallLine; onNext: () => void }) {
  const { entity, can } = useMe();
  const room = useRoom();
  const refresh = useRefresh(entity.entity);
  const customer = useCustomer(entity.entity, call.customer);
  const versions = useCallVersions(entity.entity, call.version > 1 ? call.call_id : "");
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(idempotencyKey);
  const now = customer.data && new Map(customer.data.items.map((item) => [itemKey(item), item.open]));
  const may = can("review_calls");
  async function mark(value: string) {
    setError(null);
    try {
      await post(inEntity(entity.entity, "calls", call.call_id, "reviews"), { mark: value, text },
        `${key}-${value}`);
      void refresh("calls");
      onNext();
    } catch (failure) {
      setError(failure);
    }
  }
  useCommands(t("keys.page"), scopeRank.page, may ? [
    { id: "read", keys: ["v"], label: t("review.mark_read"), run: () => void mark("read") },
    { id: "ask", keys: ["q"], label: t("review.ask"), run: () => void mark("asked_back") },
    { id: "coach", keys: ["l"], label: t("review.coach"), run: () => void mark("coach") },
  ] : []);
  return (
    <section className="panel" aria-label={call.name} data-pane tabIndex={-1}>
      <div className="scrolly grow">
        <div className="blk">
          <div className="row">
            <h2 className="h2 title el">
              <Link to={room("customers", call.customer)}>{call.name}</Link>
            </h2>
          </div>
          <div className="meta">
            <span className="tn">
              {fullDay(call.business_date)} {time(call.started_at, entity.time_zone)}
            </span>
            <span>{call.author}</span>
            {call.contact && <span className="el">{call.contact}</span>}
            <span className="tn">{duration(seconds(call.started_at, call.ended_at))}</span>
          </div>
          <div className="links">
            <Chip {...(call.disposition === "right_party_reached" ? { tone: "good" as const } : {})}
              icon="phone">{tCode("disposition", call.disposition)}</Chip>
            {call.line_outcome !== "answered" && <Chip>{tCode("line", call.line_outcome)}</Chip>}
          </div>
          <CallChips call={call} />
        </div>
        <div className="blk">
          {call.notes ? <p>{call.notes}</p> : <p className="t3">{t("calls.no_note")}</p>}
          {call.reason_text && <p className="t2">“{call.reason_text}”</p>}
          {call.broken_promise_reason && (
            <p className="t2">{t("calls.broken_because", { why: call.broken_promise_reason })}</p>
          )}
          {call.items.length > 0 && <Frozen call={call} {...(now ? { now } : {})} />}
        </div>
        {versions.data && <Amendments versions={versions.data.items} />}
        {(call.reviews?.length ?? 0) > 0 && (
          <div className="blk">
            <h3 className="s t2 m">{t("review.one")}</h3>
            {call.reviews?.map((review) => (
              <p key={review.at} className="row s">
                <ReviewMark mark={review.mark} />{tCode("review", review.mark)}
                <span className="t3">{review.by}, {shortDay(review.at.slice(0, 10))}</span>
                {review.text}
              </p>
            ))}
          </div>
        )}
      </div>
      {may && (
        <div className="foot">
          {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
          <textarea className="in area" rows={2} aria-label={t("review.comment")} value={text}
            placeholder={t("review.comment")} onChange={(event) => setText(event.target.value)} />
          <div className="row">
            <Button kind="primary" className="grow" keys="v" onClick={() => void mark("read")}>
              {t("review.mark_read")}
            </Button>
            <Button keys="q" onClick={() => void mark("asked_back")}>{t("review.ask")}</Button>
            <Button keys="l" onClick={() => void mark("coach")}>{t("review.coach")}</Button>
          </div>
        </div>
      )}
    </section>
  );
}

const compared = [
  "contact", "line_outcome", "disposition", "reason_for_delay", "reason_text",
  "broken_promise_reason", "notes", "next_action", "next_on", "next_owner",
] as const;

/** Field, old struck through, new beside it, when and why; the original stays readable. */
function Amendments({ versions }: { versions: CallLine[] }) {
  const { entity } = useMe();
  return (
    <div className="blk">
      <div className="row">
        <h3 className="s t2 m">{t("calls.amendments")}</h3>
        <span className="sp" />
        <span className="s t3"><Icon name="lock" small /> {t("calls.original_kept")}</span>
      </div>
      {versions.slice(1).map((version, index) => {
        const before = versions[index];
        const changed = compared.filter((name) => version[name] !== before?.[name]);
        return (
          <dl className="amd" key={version.version}>
            {changed.map((name, at) => (
              <AmendedField key={name} name={name} was={before?.[name] ?? ""} is={version[name] ?? ""}
                when={at === 0 ? `${day(version.entered_at.slice(0, 10))} ${time(
                  version.entered_at, entity.time_zone)}` : ""} />
            ))}
            <dt /><dt className="t3">{t("calls.why_amended")}</dt>
            <dd>“{version.amendment_reason}”</dd>
          </dl>
        );
      })}
    </div>
  );
}

function AmendedField({ name, was, is, when }: {
  name: string;
  was: string;
  is: string;
  when: string;
}) {
  return (
    <>
      <dt className="t3 tn">{when}</dt>
      <dt className="t3">{tCode("call_field", name)}</dt>
      <dd><del>{was || "–"}</del> <ins>{is || "–"}</ins></dd>
    </>
  );
}
