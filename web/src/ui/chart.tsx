import { lazy, Suspense } from "react";

/** One series of month values; null is a gap. */
export interface LineSeries {
  name: string;
  values: (number | null)[];
  tone: 1 | 2 | 3;
  dashed?: boolean;
}
export interface LineChartSpec {
  kind: "line";
  labels: string[];
  series: LineSeries[];
  band?: { low: number; high: number; label: string };
  decimals: number;
}
export interface BarChartSpec {
  kind: "bars";
  labels: string[];
  /** Stacked from the first upwards; `role` is a colour token. */
  series: { name: string; values: (number | null)[]; role: string; hatched?: boolean }[];
  horizontal?: boolean;
  decimals: number;
}
export type ChartSpec = LineChartSpec | BarChartSpec;

const EChart = lazy(() => import("./echart"));

/** `text` is the alternative: first, last and extremes in words. The library arrives when needed. */
export function Chart({ spec, text, className, onPick }: {
  spec: ChartSpec;
  text: string;
  className?: string;
  onPick?: (index: number) => void;
}) {
  const name = `chart ${className ?? ""}`;
  return (
    <Suspense fallback={<div className={name} />}>
      <div className={name} role="img" aria-label={text}>
        <EChart spec={spec} onPick={onPick} />
      </div>
    </Suspense>
  );
}
