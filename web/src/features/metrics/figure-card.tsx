import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { get } from "../../api/client";
import { inEntity } from "../../api/queries";
import type { Figure, Metrics } from "../../api/types";
import { addDays, decimal, month } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Button, Seg } from "../../ui/controls";
import { Chart, type ChartSpec } from "../../ui/chart";
import { useMe } from "../session/me";
import { monthLine, range, shownValue, standing } from "./figures";

interface Point { month: string; value: number | null }

const lineMonths = 24;

/** A figure that the report has no months of: a report of the twelve months to each month end. */
function useRolling(figure: Figure, to: string, needed: boolean): Point[] {
  const { entity } = useMe();
  const ends = useMemo(() => {
    const found = [to];
    while (found.length < lineMonths) {
      found.unshift(addDays(`${(found[0] ?? to).slice(0, 7)}-01`, -1));
    }
    return found;
  }, [to]);
  const reads = useQueries({
    queries: ends.map((end) => {
      const from = addDays(`${Number(end.slice(0, 4)) - 1}${end.slice(4, 7)}-28`, 4);
      const query = { from: `${from.slice(0, 7)}-01`, to: end, figure: figure.name };
      return {
        queryKey: ["entity", entity.entity, "metrics", query],
        queryFn: () => get<Metrics>(inEntity(entity.entity, "metrics"), query),
        enabled: needed,
        staleTime: Infinity,
      };
    }),
  });
  return ends.map((end, index) => {
    const value = reads[index]?.data?.figures.find((one) => one.name === figure.name)?.value;
    return { month: end, value: value === null || value === undefined ? null : Number(value) };
  });
}

export function FigureCard({ figure, lines, to, open, onFormula }: {
  figure: Figure;
  lines: Metrics | undefined;
  to: string;
  open: boolean;
  onFormula: () => void;
}) {
  const [view, setView] = useState<"chart" | "table">("chart");
  const own = lines ? monthLine(lines, figure.name) : null;
  const rolling = useRolling(figure, to, own === null && lines !== undefined);
  const points: Point[] = own && lines
    ? lines.months.map((one, index) => ({ month: one.to, value: own[index] ?? null })) : rolling;
  const { value, unit } = shownValue(figure);
  const state = standing(figure);
  return (
    <section className="card" aria-label={tCode("figure", figure.name)}>
      <header>
        <h2 className="h2">{tCode("figure", figure.name)}</h2>
        <span className="s t3">
          {[figure.unit === "percent" ? "%" : t("unit.days"),
            t(own ? "metrics.monthly" : "metrics.rolling")].join(", ")}
        </span>
        <span className="sp" />
        <span className={`s ${state.tone}`}>{value} {unit}, {state.word}</span>
        <Seg label={t("chart.view")} value={view} onChange={setView} options={[
          { value: "chart", label: t("chart.chart") }, { value: "table", label: t("chart.table") },
        ]} />
        <Button small keys="f" aria-expanded={open} onClick={onFormula}>
          <span aria-hidden="true">ƒ</span> {t("metrics.formula")}
        </Button>
      </header>
      {view === "chart" ? <Line figure={figure} points={points} /> : <Points points={points} />}
      {open && <Formula figure={figure} />}
    </section>
  );
}

function Line({ figure, points }: { figure: Figure; points: Point[] }) {
  const stamp = points.map((point) => point.value).join();
  const spec = useMemo((): ChartSpec => {
    const low = figure.target?.low;
    const high = figure.target?.high;
    return {
      kind: "line",
      labels: points.map((point) => month(point.month)),
      decimals: 1,
      series: [{
        name: tCode("figure", figure.name), tone: 1, values: points.map((point) => point.value),
      }],
      ...(low && high ? { band: { low: Number(low), high: Number(high), label: range(figure) } } : {}),
    };
    // The points are a new list on each drawing; `stamp` says when they differ.
  }, [figure, stamp]);
  const known = points.filter((point) => point.value !== null);
  return (
    <Chart spec={spec} className="tall" text={t("metrics.text", {
      name: tCode("figure", figure.name),
      first: known[0] ? `${month(known[0].month)} ${known[0].value}` : "",
      last: known.at(-1) ? `${month(known.at(-1)?.month ?? "")} ${known.at(-1)?.value}` : "",
      least: String(Math.min(...known.map((point) => point.value ?? 0))),
      most: String(Math.max(...known.map((point) => point.value ?? 0))),
    })} />
  );
}

function Points({ points }: { points: Point[] }) {
  return (
    <div className="scrolly chart tall" tabIndex={0} role="region" aria-label={t("chart.table")}>
      <table className="tbl">
        <thead><tr><th scope="col">{t("field.month")}</th>
          <th scope="col" className="n">{t("field.value")}</th></tr></thead>
        <tbody>
          {[...points].reverse().map((point) => (
            <tr key={point.month}>
              <td>{month(point.month)}</td>
              <td className="n">{point.value === null ? "" : decimal(point.value.toFixed(2))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The formula as the server computes it, with this period's figures in it. */
function Formula({ figure }: { figure: Figure }) {
  return (
    <div className="fx">
      <p className="eq">{figure.formula}</p>
      {Object.entries(figure.inputs).map(([name, value]) => (
        <FormulaLine key={name} name={name} value={value} />
      ))}
      <span className="m">{tCode("figure", figure.name)}</span>
      <span className="m">{figure.text}</span>
      {figure.why && <span className="t3 eq">{figure.why}</span>}
    </div>
  );
}

function FormulaLine({ name, value }: { name: string; value: string | number | null }) {
  return (
    <>
      <span>{tCode("input", name)}</span>
      <span>{value === null ? "–" : decimal(String(value))}</span>
    </>
  );
}
