import { useMemo, useState } from "react";
import { downloadCsv } from "../api/client";
import { inEntity, useMetrics } from "../api/queries";
import type { Figure, Metrics } from "../api/types";
import { KnownAtField, useKnownAt } from "../features/aging/as-known";
import { leading, monthLine, range, shownValue, standing } from "../features/metrics/figures";
import { FigureCard } from "../features/metrics/figure-card";
import { useMe, useRoom } from "../features/session/me";
import { addDays, day } from "../texts/format";
import { t, tCode } from "../texts";
import { Button } from "../ui/controls";
import { DayField } from "../ui/day-field";
import { Icon } from "../ui/icon";
import { scopeRank, useCommands } from "../ui/keys";
import { Link, setQuery, useLocation } from "../ui/router";
import { Sparkline } from "../ui/sparkline";
import { Loaded } from "../ui/states";

/** The last day of the month before the day, or the day where it ends a month. */
function monthEnd(today: string): string {
  return addDays(today, 1).endsWith("-01") ? today : addDays(`${today.slice(0, 7)}-01`, -1);
}
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  const index = year * 12 + month - months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`;
}

/** DSO, CEI and friends over 24 months, each formula one click away. */
export default function MetricsPage() {
  const { entity } = useMe();
  const room = useRoom();
  const { query } = useLocation();
  const to = query.get("to") ?? monthEnd(entity.today);
  const known = useKnownAt();
  // The figures are of twelve months; their lines go back twenty-four.
  const year = { from: monthsBefore(to, 12), to, known_at: known };
  const long = { from: monthsBefore(to, 24), to, known_at: known };
  const read = useMetrics(entity.entity, year);
  const lines = useMetrics(entity.entity, long);
  return (
    <div className="page fill">
      <div className="pagehead wrap">
        <p className="crumb">
          <Link to={room("team")}>{t("room.team")}</Link> / <span className="h1" role="heading"
            aria-level={1}>{t("room.metrics")}</span>
        </p>
        <label className="row t2">
          {t("metrics.until")}
          <span className="day-in">
            <DayField label={t("metrics.until")} value={to} businessDate={entity.today}
              onChange={(day) => setQuery({ to: day })} />
          </span>
        </label>
        <KnownAtField />
        <span className="s t3">{t("metrics.in_currency", { currency: read.data?.currency ?? "" })}</span>
        <span className="sp" />
        <Button icon="download" onClick={() =>
          void downloadCsv(inEntity(entity.entity, "metrics"), year, `metrics-${to}.csv`)}>
          {t("action.export")}
        </Button>
      </div>
      <Loaded read={read} rows={12}>
        {(metrics) => <Body metrics={metrics} lines={lines.data} to={to} />}
      </Loaded>
    </div>
  );
}

function Body({ metrics, lines, to }: { metrics: Metrics; lines: Metrics | undefined; to: string }) {
  const { query } = useLocation();
  const name = query.get("figure") ?? leading[0] ?? "";
  const [formula, setFormula] = useState(true);
  const ordered = useMemo(() => [...metrics.figures].sort((a, b) => place(a) - place(b)),
    [metrics.figures]);
  const at = Math.max(0, ordered.findIndex((figure) => figure.name === name));
  const figure = ordered[at];
  const move = (step: number) => {
    const next = ordered[Math.max(0, Math.min(ordered.length - 1, at + step))];
    if (next) setQuery({ figure: next.name });
  };
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "next", keys: ["j", "ArrowDown"], label: t("command.next"), run: () => move(1), keyOnly: true },
    { id: "previous", keys: ["k", "ArrowUp"], label: t("command.previous"), run: () => move(-1),
      keyOnly: true },
    { id: "formula", keys: ["f"], label: t("metrics.formula"), run: () => setFormula(!formula) },
  ]);
  return (
    <div className="mx two-part">
      <div className="card scrolly" data-pane tabIndex={0} role="region" aria-label={t("room.metrics")}>
        {ordered.map((one) => (
          <Row key={one.name} figure={one} on={one === figure} lines={lines}
            onSelect={() => setQuery({ figure: one.name })} />
        ))}
        <p className="pad s t3">{t("metrics.period", {
          from: day(metrics.from), to: day(metrics.to),
        })}</p>
      </div>
      <div className="scrolly" data-pane>
        {figure && (
          <FigureCard figure={figure} lines={lines} to={to} open={formula}
            onFormula={() => setFormula(!formula)} />
        )}
      </div>
    </div>
  );
}

function place(figure: Figure): number {
  const at = leading.indexOf(figure.name);
  return at < 0 ? leading.length : at;
}

function Row({ figure, on, lines, onSelect }: {
  figure: Figure;
  on: boolean;
  lines: Metrics | undefined;
  onSelect: () => void;
}) {
  const { value, unit } = shownValue(figure);
  const state = standing(figure);
  const line = lines ? monthLine(lines, figure.name) : null;
  const target = figure.target;
  return (
    <button type="button" className={`mrow${on ? " on" : ""}`} aria-current={on || undefined}
      onClick={onSelect}>
      <span className="m el">{tCode("figure", figure.name)}</span>
      {line ? (
        <Sparkline values={line} {...(target?.low && target.high
          ? { low: Number(target.low), high: Number(target.high) } : {})} />
      ) : <span />}
      <span className="v">{value}<small>{unit}</small></span>
      <span className="s t3">{range(figure)}</span>
      <span className={`s ${state.tone}`}>
        {state.tone !== "t3" && <Icon name={state.tone === "good" ? "ok" : "alert"} small />} {state.word}
      </span>
    </button>
  );
}
