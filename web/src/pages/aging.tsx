import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { downloadCsv } from "../api/client";
import { inEntity, useAging, useOpenItems } from "../api/queries";
import { type AgingFigures, type AgingRow, buckets } from "../api/types";
import { KnownAtField, useKnownAt } from "../features/aging/as-known";
import { MonthEnds } from "../features/aging/month-ends";
import { useMe, useRoom } from "../features/session/me";
import { day, minor, percent } from "../texts/format";
import { t, tCode } from "../texts";
import { bucketClass, bucketLabel, creditsOf, Days } from "../ui/aging";
import { Button, Seg } from "../ui/controls";
import { DayField } from "../ui/day-field";
import { Icon } from "../ui/icon";
import { Cell } from "../ui/money";
import { Link, setQuery, useLocation } from "../ui/router";
import { Empty, Failed, Skeleton } from "../ui/states";
import { byAmount, DataTable } from "../ui/table";

const groupings = ["customer", "collector", "group"] as const;
type By = (typeof groupings)[number];

/** Open amounts by days overdue: as of any day, as known at any instant, down to the items. */
export default function AgingPage() {
  const { entity } = useMe();
  const { query } = useLocation();
  const asOf = query.get("as_of") ?? entity.today;
  const knownAt = useKnownAt();
  const by = (query.get("by") ?? "customer") as By;
  const asked = { as_of: asOf, by, known_at: knownAt };
  const read = useAging(entity.entity, asked);
  const currencies = read.data?.currencies.map((one) => one.currency) ?? [];
  const wanted = query.get("currency") ?? entity.currency;
  const currency = currencies.includes(wanted) ? wanted : (currencies[0] ?? wanted);
  const total = read.data?.currencies.find((one) => one.currency === currency);
  const rows = useMemo(() => (read.data?.rows ?? []).filter((row) => row.currency === currency),
    [read.data, currency]);
  return (
    <div className="page fill3">
      <div className="pagehead wrap">
        <h1 className="h1">{t("room.aging")}</h1>
        <label className="row t2">
          {t("aging.as_of")}
          <span className="day-in">
            <DayField label={t("aging.as_of")} value={asOf} businessDate={entity.today}
              onChange={(day) => setQuery({ as_of: day })} />
          </span>
        </label>
        <KnownAtField />
        {currencies.length > 1 && (
          <Seg label={t("field.currency")} value={currency}
            onChange={(value) => setQuery({ currency: value })}
            options={currencies.map((one) => ({ value: one, label: one }))} />
        )}
        <Seg label={t("aging.by")} value={by} onChange={(value) => setQuery({ by: value })}
          options={groupings.map((one) => ({ value: one, label: t(`aging.by_${one}`) }))} />
        <span className="sp" />
        <Button icon="download" onClick={() =>
          void downloadCsv(inEntity(entity.entity, "aging"), asked, `aging-${asOf}.csv`)}>
          {t("action.export")}
        </Button>
      </div>
      <div className="charts2">
        <MonthEnds currency={currency} asOf={asOf} knownAt={knownAt} />
        <section className="card" aria-label={t("aging.now")}>
          <header><h2 className="h2">{t("aging.now")}</h2><span className="s t3">{day(asOf)}</span></header>
          <div className="body scrolly">
            {read.data && (read.data.currencies.length > 0
              ? <ByCurrency currencies={read.data.currencies} />
              : <Empty icon="aging" title={t("aging.none")} />)}
          </div>
        </section>
      </div>
      <section className="card fill agt" data-pane>
        {read.error && !read.data ? <Failed error={read.error} onRetry={() => read.refetch()} />
          : read.isPending ? <Skeleton rows={12} />
            : rows.length === 0 ? <Empty icon="aging" title={t("aging.none")} />
              : <Rows rows={rows} total={total} by={by} query={asked} />}
      </section>
    </div>
  );
}

/** Currencies side by side; they are never added. */
function ByCurrency({ currencies }: { currencies: AgingFigures[] }) {
  return (
    <table className="tbl by-currency">
      <thead>
        <tr>
          <th scope="col">{t("field.days_overdue")}</th>
          {currencies.map((one) => <th key={one.currency} scope="col" className="n">{one.currency}</th>)}
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket) => (
          <tr key={bucket}>
            <td><span className={`sw ${bucketClass(bucket)}`} /> {bucketLabel(bucket)}</td>
            {currencies.map((one) => (
              <td key={one.currency} className="n"><Cell value={one.buckets[bucket]} /></td>
            ))}
          </tr>
        ))}
        <tr>
          <td>{t("field.credits")}</td>
          {currencies.map((one) => (
            <td key={one.currency} className="n"><Cell value={creditsOf(one)} /></td>
          ))}
        </tr>
        <tr className="tot">
          <td>{t("field.balance")}</td>
          {currencies.map((one) => (
            <td key={one.currency} className="n"><Cell value={one.balance} /></td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

const keyOf = (row: AgingRow) =>
  [row.customer, row.collector, row.group, row.party, row.currency].join("|");

function Rows({ rows, total, by, query }: {
  rows: AgingRow[];
  total: AgingFigures | undefined;
  by: By;
  query: { as_of: string; known_at: string };
}) {
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo((): ColumnDef<AgingRow>[] => [
    {
      id: "name",
      header: t(`aging.by_${by}`),
      accessorFn: (row) => row.name ?? row.collector ?? row.group ?? row.party ?? "",
      meta: { wide: true },
      cell: ({ row, getValue }) => (
        <>
          {by === "customer" && (
            <Icon name={open === keyOf(row.original) ? "down" : "right"} small />
          )}{" "}
          {getValue<string>() || t("aging.no_group")}
          {row.original.customer && <span className="t3 s tn"> {row.original.customer}</span>}
        </>
      ),
    },
    ...buckets.map((bucket): ColumnDef<AgingRow> => ({
      id: bucket,
      accessorFn: (row) => row.buckets[bucket],
      sortingFn: (a, b) => byAmount(a.original.buckets[bucket], b.original.buckets[bucket]),
      header: () => <><span className={`sw ${bucketClass(bucket)}`} />{bucketLabel(bucket)}</>,
      cell: ({ getValue }) => <Cell value={getValue<string>()} />,
      meta: { numeric: true, label: bucketLabel(bucket) },
    })),
    { id: "credits", header: t("field.credits"), accessorFn: creditsOf, meta: { numeric: true },
      sortingFn: (a, b) => byAmount(creditsOf(a.original), creditsOf(b.original)),
      cell: ({ getValue }) => <Cell value={getValue<string>()} /> },
    { id: "balance", header: t("field.balance"), accessorFn: (row) => row.balance,
      sortingFn: (a, b) => byAmount(a.original.balance, b.original.balance),
      meta: { numeric: true, className: "b" }, cell: ({ getValue }) => <Cell value={getValue<string>()} /> },
  ], [by, open]);
  return (
    <DataTable label={t("room.aging")} rows={rows} columns={columns} keyOf={keyOf}
      sorting={[{ id: "balance", desc: true }]}
      {...(by === "customer" ? {
        onOpen: (row: AgingRow) => setOpen(open === keyOf(row) ? null : keyOf(row)),
        detail: (row: AgingRow) => keyOf(row) === open && (
          <Drill customer={row.customer ?? ""} currency={row.currency} query={query} />
        ),
      } : {})}
      footer={total && <Total total={total} rows={rows.length} />} />
  );
}

function Total({ total, rows }: { total: AgingFigures; rows: number }) {
  const whole = Number(minor(total.total));
  return (
    <>
      <tr>
        <td>{t("aging.total", { count: rows })}</td>
        {buckets.map((bucket) => <td key={bucket} className="n"><Cell value={total.buckets[bucket]} /></td>)}
        <td className="n"><Cell value={creditsOf(total)} /></td>
        <td className="n"><Cell value={total.balance} /></td>
      </tr>
      <tr className="pct">
        <td className="t3 thin">{t("aging.share")}</td>
        {buckets.map((bucket) => (
          <td key={bucket} className="n t3 thin">
            {whole > 0 && percent((100 * Number(minor(total.buckets[bucket]))) / whole)}
          </td>
        ))}
        <td /><td />
      </tr>
    </>
  );
}

/** The open items behind one row. */
function Drill({ customer, currency, query }: {
  customer: string;
  currency: string;
  query: { as_of: string; known_at: string };
}) {
  const { entity } = useMe();
  const room = useRoom();
  const read = useOpenItems(entity.entity, { ...query, customer });
  const items = read.data?.items.filter((one) => one.currency === currency) ?? [];
  return (
    <>
      {items.map((item) => (
        <tr className="drill" key={`${item.number}#${item.instalment}`}>
          <td className="w">
            <Link to={`${room("customers", customer)}?item=${encodeURIComponent(item.number)}`}
              className="tn drill-no">{item.number}{item.instalment > 1 ? `/${item.instalment}` : ""}</Link>
            <span className="t3">
              {item.kind === "invoice" ? t("aging.due", { day: day(item.due) })
                : tCode("document_kind", item.kind)}
            </span>{" "}
            {item.kind === "invoice" && <Days value={item.days_overdue} bucket={item.bucket} />}
          </td>
          {buckets.map((bucket) => (
            <td className="n" key={bucket}>{item.bucket === bucket && <Cell value={item.open} />}</td>
          ))}
          <td className="n">{item.bucket === "credit" && <Cell value={item.open} />}</td>
          <td />
        </tr>
      ))}
    </>
  );
}
