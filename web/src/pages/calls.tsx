import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useRef, useState } from "react";
import { downloadCsv } from "../api/client";
import { inEntity, useCalls, useCompleteness } from "../api/queries";
import type { CallLine } from "../api/types";
import { ReviewMark, ReviewPanel } from "../features/calllog/review-panel";
import { useMe, useRoom } from "../features/session/me";
import { addDays, duration, seconds, shortDay, time, weekday } from "../texts/format";
import { t, tCode } from "../texts";
import { Avatar, Button, Chip, Seg } from "../ui/controls";
import { Icon } from "../ui/icon";
import { scopeRank, useCommands } from "../ui/keys";
import { Link, setQuery, useLocation } from "../ui/router";
import { Empty, Failed, Skeleton } from "../ui/states";
import { DataTable } from "../ui/table";
import { Tabs } from "../ui/tabs";

type Span = "today" | "week" | "month";
type Tab = "all" | "late" | "amended" | "missing";
const dispositions = [
  "right_party_reached", "wrong_party", "message_left", "not_reached", "bad_number", "refused_to_talk",
];

/** Managers read the log: what was said, against which balances, and what is missing. */
export default function CallsPage() {
  const { entity } = useMe();
  const room = useRoom();
  const { query } = useLocation();
  const span = (query.get("span") ?? "week") as Span;
  const tab = (query.get("tab") ?? "all") as Tab;
  const from = span === "today" ? entity.today
    : span === "week" ? addDays(entity.today, 1 - weekday(entity.today))
      : `${entity.today.slice(0, 7)}-01`;
  const asked = {
    from, to: entity.today, collector: query.get("collector"), disposition: query.get("disposition"),
    search: query.get("search"),
  };
  const read = useCalls(entity.entity, asked);
  const complete = useCompleteness(entity.entity, { from, to: entity.today });
  const field = useRef<HTMLInputElement>(null);
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "search", keys: ["/"], label: t("command.filter"), run: () => field.current?.focus() },
  ]);
  const all = useMemo(() => read.data?.pages.flatMap((page) => page.items) ?? [], [read.data]);
  const rows = useMemo(() => all.filter((call) => tab === "late" ? call.logged_late
    : tab === "amended" ? call.version > 1 : true), [all, tab]);
  const missing = complete.data?.worked_without_entry ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const call = rows.find((one) => one.call_id === chosen) ?? rows[0];
  const collectors = [...new Set(all.map((one) => one.author))].sort();
  return (
    <div className="duo">
      <div className="head">
        <div className="row wrap">
          <p className="crumb">
            <Link to={room("team")}>{t("room.team")}</Link> / <span className="h1" role="heading"
              aria-level={1}>{t("room.calls")}</span>
          </p>
          <span className="sp" />
          <Seg label={t("team.span")} value={span} onChange={(value) => setQuery({ span: value })}
            options={[
              { value: "today", label: t("team.today") }, { value: "week", label: t("team.week") },
              { value: "month", label: t("team.month") },
            ]} />
          <Choose label={t("field.collector")} name="collector" values={collectors} />
          <Choose label={t("call.outcome")} name="disposition" values={dispositions}
            textOf={(value) => tCode("disposition", value)} />
          <span className="in search">
            <Icon name="search" small />
            <input ref={field} type="search" aria-label={t("calls.search")}
              placeholder={t("calls.search")} defaultValue={query.get("search") ?? ""}
              onKeyDown={(event) => {
                if (event.key === "Enter") setQuery({ search: event.currentTarget.value });
              }} />
            <kbd>/</kbd>
          </span>
          <Button icon="download" onClick={() =>
            void downloadCsv(inEntity(entity.entity, "calls"), asked, `calls-${from}.csv`)}>
            {t("action.export")}
          </Button>
        </div>
        <div className="facts">
          <Fact name={t("calls.entries")} value={String(all.length)} />
          <Fact name={t("calls.without_entry")} bad={missing.length > 0}
            value={t("calls.customers", { count: missing.length })} />
          <Fact name={t("calls.logged_late")} warn={(complete.data?.logged_late.length ?? 0) > 0}
            value={t("calls.calls", { count: complete.data?.logged_late.length ?? 0 })} />
          <Fact name={t("calls.amended")}
            value={t("calls.calls", { count: all.filter((one) => one.version > 1).length })} />
        </div>
        <Tabs id="calls" label={t("room.calls")} value={tab}
          onChange={(value) => setQuery({ tab: value })} tabs={[
            { value: "all", label: t("worklist.all"), count: all.length },
            { value: "late", label: t("calls.late"), count: all.filter((one) => one.logged_late).length },
            { value: "amended", label: t("calls.amended"),
              count: all.filter((one) => one.version > 1).length },
            { value: "missing", label: t("calls.missing"), count: missing.length },
          ]} />
      </div>
      <div className="left" data-pane role="tabpanel" id="calls-panel" aria-labelledby={`calls-${tab}`}>
        {read.error && !read.data ? <Failed error={read.error} onRetry={() => read.refetch()} />
          : read.isPending ? <Skeleton rows={14} />
            : tab === "missing" ? <Missing rows={missing} />
              : rows.length === 0 ? <Empty icon="phone" title={t("calls.none")} />
                : <Log rows={rows} chosen={call?.call_id} onChoose={setChosen} onEnd={() => {
                  if (read.hasNextPage && !read.isFetchingNextPage) void read.fetchNextPage();
                }} />}
        <footer className="log-foot s t3">
          <span className="row"><ReviewMark mark="read" />{t("review.read")}</span>
          <span className="row"><ReviewMark mark="asked_back" />{t("review.asked_back")}</span>
          <span className="sp" />
          <span className="row"><kbd>J</kbd><kbd>K</kbd>{t("worklist.move")}</span>
        </footer>
      </div>
      {call && tab !== "missing"
        ? <ReviewPanel key={call.call_id} call={call} onNext={() => {
          const at = rows.findIndex((one) => one.call_id === call.call_id);
          setChosen(rows[at + 1]?.call_id ?? call.call_id);
        }} />
        : <section className="panel" aria-label={t("room.calls")} />}
    </div>
  );
}

function Fact({ name, value, bad, warn }: {
  name: string;
  value: string;
  bad?: boolean;
  warn?: boolean;
}) {
  return <div><span>{name}</span><span className={bad ? "bad" : warn ? "warn" : ""}>{value}</span></div>;
}

function Choose({ label, name, values, textOf }: {
  label: string;
  name: string;
  values: string[];
  textOf?: (value: string) => string;
}) {
  const { query } = useLocation();
  const value = query.get(name) ?? "";
  return (
    <select className={`pick${value ? " set" : ""}`} aria-label={label} value={value}
      onChange={(event) => setQuery({ [name]: event.target.value })}>
      <option value="">{label}: {t("worklist.all")}</option>
      {[...new Set([...values, ...(value ? [value] : [])])].map((one) => (
        <option key={one} value={one}>{textOf ? textOf(one) : one}</option>
      ))}
    </select>
  );
}

function Log({ rows, chosen, onChoose, onEnd }: {
  rows: CallLine[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
  onEnd: () => void;
}) {
  const { entity } = useMe();
  const columns = useMemo((): ColumnDef<CallLine>[] => [
    { id: "mark", header: () => <span className="vh">{t("review.one")}</span>, enableSorting: false,
      cell: ({ row }) => <ReviewMark mark={row.original.reviews?.at(-1)?.mark ?? ""} /> },
    { id: "time", header: t("field.time"), accessorFn: (row) => row.started_at, meta: { className: "tn t2" },
      cell: ({ row }) => `${shortDay(row.original.business_date)} ${time(
        row.original.started_at, entity.time_zone)}` },
    { id: "who", header: t("field.collector"), accessorFn: (row) => row.author,
      cell: ({ row }) => <Avatar small name={row.original.author} /> },
    { accessorKey: "name", header: t("customer.one"), meta: { wide: true } },
    { id: "outcome", header: t("call.outcome"), accessorFn: (row) => tCode("disposition", row.disposition) },
    { id: "length", header: t("field.length"), meta: { numeric: true },
      accessorFn: (row) => seconds(row.started_at, row.ended_at),
      cell: ({ getValue }) => duration(getValue<number>()) },
    { id: "logged", header: t("calls.logged_after"), meta: { numeric: true },
      accessorFn: (row) => seconds(row.ended_at, row.entered_at),
      cell: ({ getValue, row }) => (
        <span className={row.original.logged_late ? "warn b" : "t2"}>
          {Math.round(getValue<number>() / 60)} min
        </span>
      ) },
    { id: "marks", header: t("calls.marks"), enableSorting: false, cell: ({ row }) => (
      <span className="row">
        {row.original.logged_late && <Chip tone="warn" icon="clock">{t("calls.late")}</Chip>}
        {row.original.version > 1 && <Chip icon="edit">{row.original.version - 1}</Chip>}
      </span>
    ) },
  ], [entity.time_zone]);
  return (
    <DataTable label={t("room.calls")} rows={rows} columns={columns} keyOf={(row) => row.call_id}
      cursorKey={chosen ?? ""} onMove={(row) => onChoose(row.call_id)} onEnd={onEnd} />
  );
}

interface MissingRow { party: string; customers: string[]; collector: string; listed_on: string }

function Missing({ rows }: { rows: MissingRow[] }) {
  const columns = useMemo((): ColumnDef<MissingRow>[] => [
    { accessorKey: "party", header: t("customer.one"), meta: { wide: true } },
    { accessorKey: "collector", header: t("field.collector") },
    { id: "listed", header: t("calls.listed_on"), accessorFn: (row) => row.listed_on,
      cell: ({ row }) => shortDay(row.original.listed_on), meta: { className: "tn" } },
  ], []);
  if (rows.length === 0) return <Empty icon="ok" title={t("calls.complete")} />;
  return <DataTable label={t("calls.missing")} rows={rows} columns={columns}
    keyOf={(row) => `${row.customers[0]}${row.listed_on}`} />;
}
