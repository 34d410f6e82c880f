import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { get } from "../../api/client";
import { inEntity } from "../../api/queries";
import { type Aging, buckets } from "../../api/types";
import { addDays, month } from "../../texts/format";
import { t } from "../../texts";
import { bucketLabel } from "../../ui/aging";
import { Chart, type ChartSpec } from "../../ui/chart";
import { setQuery } from "../../ui/router";
import { useMe } from "../session/me";

const months = 12;

/** The last days of the months before the day, and the day itself. */
function monthEnds(asOf: string): string[] {
  const ends = [asOf];
  let first = `${asOf.slice(0, 7)}-01`;
  while (ends.length < months) {
    const end = addDays(first, -1);
    if (end !== asOf) ends.unshift(end);
    first = `${end.slice(0, 7)}-01`;
  }
  return ends;
}

/** Open amounts at the month ends, stacked from not due to the oldest. */
export function MonthEnds({ currency, asOf, knownAt }: {
  currency: string;
  asOf: string;
  knownAt: string;
}) {
  const { entity } = useMe();
  const ends = useMemo(() => monthEnds(asOf), [asOf]);
  const reads = useQueries({
    queries: ends.map((end) => ({
      queryKey: ["entity", entity.entity, "aging", { as_of: end, known_at: knownAt }],
      queryFn: () => get<Aging>(inEntity(entity.entity, "aging"), { as_of: end, known_at: knownAt }),
      staleTime: Infinity,
    })),
  });
  const ready = reads.every((read) => read.data);
  const answers = reads.map((read) => read.data);
  const stamp = reads.map((read) => read.dataUpdatedAt).join();
  const spec = useMemo((): ChartSpec => ({
    kind: "bars",
    labels: ends.map(month),
    decimals: 0,
    series: buckets.map((bucket, index) => ({
      name: bucketLabel(bucket),
      role: `age-${index}`,
      values: answers.map((answer) =>
        Number(answer?.currencies.find((one) => one.currency === currency)?.buckets[bucket] ?? 0)),
    })),
    // `answers` is a new list on each drawing; `stamp` says when it differs.
  }), [ends, currency, stamp]);
  return (
    <section className="card" aria-label={t("aging.month_ends")}>
      <header>
        <h2 className="h2">{t("aging.month_ends")}</h2>
        <span className="s t3">{t("aging.month_ends_unit", { currency })}</span>
      </header>
      {ready ? <Chart spec={spec} text={t("aging.month_ends")} className="aging"
        onPick={(index) => setQuery({ as_of: ends[index] ?? null })} /> : <div className="chart aging" />}
    </section>
  );
}
