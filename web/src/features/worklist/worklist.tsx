import { useMemo, useRef, useState } from "react";
import type { DayProgress, WorklistRow } from "../../api/types";
import { takeChanges, useWaitingChanges } from "../../api/changes";
import { useRefresh } from "../../api/queries";
import { decimal, money } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Button, Progress, Seg } from "../../ui/controls";
import { Icon, type IconName } from "../../ui/icon";
import { Kbd, scopeRank, useCommands } from "../../ui/keys";
import { Amount } from "../../ui/money";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { VirtualList } from "../../ui/virtual";
import { useMe } from "../session/me";
import { factOf, reasonOf } from "./reasons";
import type { WorklistState } from "./use-worklist";

export const actionIcon: Record<string, IconName> = {
  call: "phone", escalate: "flag", remind: "mail", fix_contact: "alert", apply_cash: "cash",
};

const rowHeight = 68;
/** The first row names its points; the rest of the page is the customer. */
export function Worklist({ list, idle }: { list: WorklistState; idle: boolean }) {
  const { entity } = useMe();
  const refresh = useRefresh(entity.entity);
  const waiting = useWaitingChanges();
  const filterField = useRef<HTMLInputElement>(null);
  const [filtering, setFiltering] = useState(false);
  const { rows, index, select } = list;

  function takeNews() {
    takeChanges();
    void refresh("worklist");
    void refresh("progress");
  }
  function move(step: number) {
    const next = rows[Math.max(0, Math.min(rows.length - 1, index + step))];
    if (next) select(next);
  }
  useCommands(t("keys.list"), scopeRank.page, [
    { id: "next", keys: ["j", "ArrowDown"], label: t("command.next"), run: () => move(1), keyOnly: true },
    { id: "previous", keys: ["k", "ArrowUp"], label: t("command.previous"), run: () => move(-1),
      keyOnly: true },
    { id: "first", keys: ["Home"], label: t("command.first"), run: () => move(-rows.length),
      keyOnly: true },
    { id: "last", keys: ["End"], label: t("command.last"), run: () => move(rows.length), keyOnly: true },
    { id: "filter", keys: ["/"], label: t("command.filter"), run: () => {
      setFiltering(true);
      window.setTimeout(() => filterField.current?.focus());
    } },
    { id: "news", keys: ["Enter"], label: t("command.take_changes"), run: takeNews,
      disabled: waiting === 0 },
  ], { active: idle });

  const clear = () => {
    list.setText("");
    setFiltering(false);
  };
  return (
    <section className="wl" aria-label={t("room.worklist")} data-pane tabIndex={-1}>
      <Head list={list} onFilter={() => setFiltering(!filtering)} />
      {(filtering || list.text) && (
        <div className="wl-filter">
          <span className="in">
            <Icon name="search" small />
            <input ref={filterField} aria-label={t("command.filter")} value={list.text}
              placeholder={t("worklist.filter")} onChange={(event) => list.setText(event.target.value)}
              onKeyDown={(event) => { if (event.key === "Escape") clear(); }} />
          </span>
        </div>
      )}
      {waiting > 0 && (
        <button type="button" className="news" onClick={takeNews}>
          <Icon name="transfer" small />{t("worklist.changes", { count: waiting })}
          <Kbd keys="Enter" />
        </button>
      )}
      <div className="wlh" aria-hidden="true">
        <span>{t("field.points")}</span><span>{t("worklist.head")}</span>
        <span>{t("field.overdue")}</span>
      </div>
      {list.error ? <Failed error={list.error} onRetry={list.retry} />
        : list.pending ? <Skeleton rows={12} />
          : rows.length === 0 ? <Nothing list={list} onClear={clear} />
            : (
              <>
                <VirtualList className="rows" items={rows} estimate={rowHeight} cursor={index}
                  label={t("room.worklist")} keyOf={(row) => row.party_id} ordered
                  onEnd={list.more}
                  render={(row, at) => (
                    <Row row={row} on={at === index} done={list.isDone(row)}
                      calling={list.hasDraft(row)} onSelect={() => select(row)} />
                  )} />
                <VirtualList className="strip scrolly" items={rows} estimate={43} cursor={index}
                  label={t("room.worklist")} keyOf={(row) => row.party_id}
                  render={(row, at) => (
                    <button type="button" className={`sr${at === index ? " on" : ""}`}
                      title={row.party} aria-label={`${row.party}, ${row.points}`}
                      aria-current={at === index || undefined} onClick={() => select(row)}>
                      <b>{row.points}</b><small>{row.rank}</small>
                    </button>
                  )} />
              </>
            )}
      <footer>
        <span><kbd>J</kbd><kbd>K</kbd>{t("worklist.move")}</span>
        <span><kbd>C</kbd>{t("worklist.call")}</span>
        <span className="sp" />
        <span><kbd>?</kbd>{t("worklist.all_keys")}</span>
      </footer>
    </section>
  );
}

function Head({ list, onFilter }: { list: WorklistState; onFilter: () => void }) {
  const progress: DayProgress | undefined = list.progress;
  const done = progress?.worked ?? 0;
  const total = progress?.parties ?? list.total;
  const said = t("worklist.progress", { done, total });
  return (
    <header>
      <div className="row">
        <h2 className="h2 title">{t("room.worklist")}</h2>
        {list.mayChoose && (
          <Seg label={t("worklist.whose")} value={list.mine ? "mine" : "team"}
            onChange={(whose) => list.setMine(whose === "mine")} options={[
              { value: "mine", label: t("worklist.mine") },
              { value: "team", label: t("worklist.team") },
            ]} />
        )}
        <span className="sp" />
        <span className="s t2 tn">{said}</span>
        <Button kind="quiet" iconOnly small icon="filter" aria-label={t("command.filter")}
          title={`${t("command.filter")} (/)`} onClick={onFilter} />
      </div>
      <Progress done={done} total={total} label={said} />
      <div className="row">
        <Seg label={t("command.filter")} value={list.view} onChange={list.setView} options={[
          { value: "all", label: t("worklist.all"), count: list.counts.all },
          { value: "calls", label: t("worklist.calls"), count: list.counts.calls },
          { value: "promises", label: t("worklist.promises"), count: list.counts.promises },
          { value: "late", label: t("worklist.late"), count: list.counts.late },
        ]} />
      </div>
    </header>
  );
}

function Nothing({ list, onClear }: { list: WorklistState; onClear: () => void }) {
  if (list.text || list.view !== "all") {
    return (
      <Empty icon="filter" title={t("worklist.no_match")} text={t("worklist.no_match_text")}>
        <Button onClick={() => { onClear(); list.setView("all"); }}>{t("action.clear_filter")}</Button>
      </Empty>
    );
  }
  return <Empty icon="ok" title={t("worklist.empty")} text={t("worklist.empty_text")} />;
}

function Row({ row, on, done, calling, onSelect }: {
  row: WorklistRow;
  on: boolean;
  done: boolean;
  calling: boolean;
  onSelect: () => void;
}) {
  const others = row.amounts.filter((amount) => amount.currency !== row.currency);
  const icon = actionIcon[row.recommended_action] ?? "dot";
  const first = row.reasons[0] ? reasonOf(row.reasons[0]) : "";
  return (
    <div className={`wr${on ? " on" : ""}${done ? " done" : ""}`}>
      <span className="pts">{row.points}<small>{row.rank}</small></span>
      <button type="button" className="nm el" aria-current={on || undefined} onClick={onSelect}
        title={row.party}>
        {row.party}
      </button>
      <span className="am"><Amount value={row.overdue ?? "0"} currency={row.currency} /></span>
      <span className="l el w2" title={first}>
        {done ? t("worklist.done") : first}
      </span>
      <span className={`l el ${calling ? "acc-l" : "t3"}`}>
        <Icon name={done ? "check" : icon} small />{" "}
        {calling ? t("worklist.in_call") : tCode("action_kind", row.recommended_action)}
      </span>
      <span className="l am">
        {others.map((one) => `+ ${money(one.overdue, one.currency)}`).join(" ")}
      </span>
      {on && <Why row={row} />}
    </div>
  );
}

/** The points line by line, adding up; and what it would take to stand higher. */
function Why({ row }: { row: WorklistRow }) {
  const higher = row.why_not_higher;
  const parts = useMemo(() => row.parts.filter((part) => part.points !== 0), [row.parts]);
  return (
    <div className="why">
      {parts.map((part) => (
        <WhyLine key={part.name} points={part.points}
          text={factOf(part, row)} title={tCode("points", part.name)} />
      ))}
      {row.reasons.slice(1, 4).map((reason, at) => (
        <WhyLine key={`r${at}`} text={reasonOf(reason)} title={tCode("reason_kind", reason.kind)} />
      ))}
      {row.reasons.length > 4 && (
        <WhyLine text={t("worklist.more_reasons", { count: row.reasons.length - 4 })} />
      )}
      {higher && (
        <WhyLine text={t("worklist.higher", {
          points: higher.points_to_next,
          ways: higher.ways.map((way) => t("worklist.way", {
            factor: tCode("points", way.factor),
            more: typeof way.more === "number" ? String(way.more) : decimal(way.more),
            unit: way.unit === "days" ? t("unit.days") : way.unit,
          })).join(t("worklist.or")),
        })} />
      )}
    </div>
  );
}

function WhyLine({ points, text, title }: { points?: number; text: string; title?: string }) {
  return (
    <>
      <b>{points === undefined ? "" : `${points > 0 ? "+" : "−"}${Math.abs(points)}`}</b>
      <span className={points === undefined ? "el" : ""} title={title}>{text}</span>
    </>
  );
}
