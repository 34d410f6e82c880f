import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { downloadCsv } from "../api/client";
import { inEntity, useMetrics, useTeam } from "../api/queries";
import type { Money, TeamRow } from "../api/types";
import { monthLine, range, shownValue, standing } from "../features/metrics/figures";
import { KeptByCollector } from "../features/promises/kept-by-collector";
import { useMe, useRoom } from "../features/session/me";
import { addDays, money, percent, weekday } from "../texts/format";
import { t, tCode } from "../texts";
import { Avatar, Button, Seg } from "../ui/controls";
import { Icon } from "../ui/icon";
import { Link, navigate } from "../ui/router";
import { Sparkline } from "../ui/sparkline";
import { Empty, Failed, Skeleton } from "../ui/states";
import { DataTable } from "../ui/table";

type Span = "today" | "week" | "month";
const cards = ["dso_count_back", "cei_mean", "collection_rate", "bad_debt_percent"];

function startOf(span: Span, today: string): string {
  if (span === "today") return today;
  return span === "week" ? addDays(today, 1 - weekday(today)) : `${today.slice(0, 7)}-01`;
}

/** What the team did and what became of it; the figures of the entity above. */
export default function TeamPage() {
  const { entity, can } = useMe();
  const room = useRoom();
  const [span, setSpan] = useState<Span>("today");
  const query = { from: startOf(span, entity.today), to: entity.today };
  const read = useTeam(entity.entity, query);
  return (
    <div className="page">
      <div className="pagehead">
        <h1 className="h1">{t("room.team")}</h1>
        <span className="sp" />
        {can("review_calls") && (
          <Button icon="phone" onClick={() => navigate(room("calls"))}>{t("room.calls")}</Button>
        )}
        <Button icon="gauge" onClick={() => navigate(room("metrics"))}>{t("room.metrics")}</Button>
        <Button icon="download" onClick={() =>
          void downloadCsv(inEntity(entity.entity, "team"), query, `team-${entity.today}.csv`)}>
          {t("action.export")}
        </Button>
      </div>
      <FigureCards />
      <div className="mcols">
        <section className="card" data-pane>
          <header>
            <h2 className="h2">{t(`team.${span}_title`)}</h2>
            <span className="sp" />
            <Seg label={t("team.span")} value={span} onChange={setSpan} options={[
              { value: "today", label: t("team.today") }, { value: "week", label: t("team.week") },
              { value: "month", label: t("team.month") },
            ]} />
          </header>
          {read.error && !read.data ? <Failed error={read.error} onRetry={() => read.refetch()} />
            : !read.data ? <Skeleton />
              : read.data.collectors.length === 0
                ? <Empty icon="users" title={t("team.nobody")} />
                : <Board rows={read.data.collectors} />}
        </section>
        <KeptByCollector />
      </div>
    </div>
  );
}

/** Amounts of several currencies stand one below the other; they are never added. */
function Amounts({ amounts }: { amounts: Money[] }) {
  if (amounts.length === 0) return <span className="t3">–</span>;
  return <>{amounts.map((one) => <div key={one.currency}>{money(one.amount, one.currency)}</div>)}</>;
}

function Board({ rows }: { rows: TeamRow[] }) {
  const columns = useMemo((): ColumnDef<TeamRow>[] => [
    { accessorKey: "collector", header: t("field.collector"), meta: { wide: true },
      cell: ({ row }) => (
        <span className="row"><Avatar small name={row.original.collector} />{row.original.collector}</span>
      ) },
    { accessorKey: "calls", header: t("team.calls"), meta: { numeric: true } },
    { accessorKey: "right_party_contacts", header: t("team.reached"), meta: { numeric: true } },
    { id: "rate", header: t("team.rate"), meta: { numeric: true },
      accessorFn: (row) => Number(row.right_party_rate_percent ?? -1),
      cell: ({ row }) => row.original.right_party_rate_percent === null ? <span className="t3">–</span>
        : percent(row.original.right_party_rate_percent) },
    { accessorKey: "promises", header: t("team.promises"), meta: { numeric: true } },
    { id: "promised", header: t("promise.promised"), enableSorting: false, meta: { numeric: true },
      cell: ({ row }) => <Amounts amounts={row.original.promised} /> },
    { accessorKey: "kept", header: t("promise_state.kept"), meta: { numeric: true } },
    { accessorKey: "broken", header: t("promise_state.broken"), meta: { numeric: true } },
    { id: "collected", header: t("team.collected"), enableSorting: false, meta: { numeric: true },
      cell: ({ row }) => <Amounts amounts={row.original.collected} /> },
  ], []);
  return <DataTable label={t("team.board")} rows={rows} columns={columns} keyOf={(row) => row.collector} />;
}

function FigureCards() {
  const { entity } = useMe();
  const room = useRoom();
  const end = addDays(entity.today, 1).endsWith("-01") ? entity.today
    : addDays(`${entity.today.slice(0, 7)}-01`, -1);
  const year = Number(end.slice(0, 4));
  const after = addDays(end, 1).slice(5, 7);
  const read = useMetrics(entity.entity, {
    from: `${after === "01" ? year : year - 1}-${after}-01`, to: end,
  });
  const lines = useMetrics(entity.entity, {
    from: `${after === "01" ? year - 1 : year - 2}-${after}-01`, to: end,
  });
  return (
    <div className="m4">
      {cards.map((name) => {
        const figure = read.data?.figures.find((one) => one.name === name);
        const line = lines.data ? monthLine(lines.data, name) : null;
        const state = figure ? standing(figure) : null;
        return (
          <section className="card" key={name} aria-label={tCode("figure", name)}>
            <header>
              <h2 className="h2 el">
                <Link to={`${room("metrics")}?figure=${name}`}>{tCode("figure", name)}</Link>
              </h2>
              <span className="sp" />
              {state && (
                <span className={`s nowrap ${state.tone}`}>
                  {state.tone !== "t3" && <Icon name={state.tone === "good" ? "ok" : "alert"} small />}{" "}
                  {state.word}
                </span>
              )}
            </header>
            <div className="figure">
              {figure && (
                <>
                  <span className="timer">{shownValue(figure).value}</span>{" "}
                  <span className="t2">{shownValue(figure).unit}</span>
                  <span className="sp" />
                  {line && <Sparkline values={line} {...(figure.target?.low && figure.target.high
                    ? { low: Number(figure.target.low), high: Number(figure.target.high) } : {})} />}
                  <span className="s t3 nowrap">{range(figure)}</span>
                </>
              )}
            </div>
          </section>
        );
      })}
    </div>
  );
}
