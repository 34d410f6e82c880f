import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { locale } from "../texts";
import type { BarChartSpec, ChartSpec, LineChartSpec } from "./chart";
import { useDark } from "./theme";

use([AriaComponent, BarChart, GridComponent, LineChart, MarkAreaComponent, SVGRenderer,
  TooltipComponent]);

type Roles = (name: string) => string;

/** The colour behind a role, with light-dark() resolved for the present theme. */
function rolesOf(element: HTMLElement): Roles {
  const probe = document.createElement("span");
  element.append(probe);
  const seen = new Map<string, string>();
  return (name) => {
    let colour = seen.get(name);
    if (!colour) {
      probe.style.color = `var(--${name})`;
      colour = getComputedStyle(probe).color;
      seen.set(name, colour);
    }
    return colour;
  };
}

function axes(spec: ChartSpec, role: Roles) {
  const text = { color: role("ch-axis"), fontSize: 11 };
  const category = {
    type: "category" as const,
    data: spec.labels,
    axisLabel: text,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: role("c-line-2") } },
    boundaryGap: spec.kind === "bars",
  };
  const value = {
    type: "value" as const,
    axisLabel: {
      ...text,
      formatter: (number: number) => new Intl.NumberFormat(locale(), {
        notation: Math.abs(number) >= 1e6 ? "compact" : "standard",
      }).format(number),
    },
    splitLine: { lineStyle: { color: role("ch-grid") } },
    scale: spec.kind === "line",
  };
  const turned = spec.kind === "bars" && spec.horizontal;
  return turned
    ? { xAxis: { ...value, show: false }, yAxis: { ...category, inverse: true } }
    : { xAxis: category, yAxis: value };
}

/** The last value, and one between gaps, which no line would show. */
function stands(values: (number | null)[], at: number): boolean {
  const known = (index: number) => values[index] !== null && values[index] !== undefined;
  return known(at) && (at === values.findLastIndex((value) => value !== null) ||
    (!known(at - 1) && !known(at + 1)));
}

function lines(spec: LineChartSpec, role: Roles) {
  return spec.series.map((series, index) => ({
    type: "line" as const,
    name: series.name,
    data: series.values,
    symbol: "circle",
    symbolSize: (_: unknown, point: { dataIndex: number }) =>
      stands(series.values, point.dataIndex) ? 6 : 0,
    showAllSymbol: true,
    lineStyle: { width: 1.75, type: series.dashed ? ("dashed" as const) : ("solid" as const) },
    color: role(`ch-${series.tone}`),
    endLabel: {
      show: true,
      formatter: (point: { value: unknown }) => format(point.value, spec.decimals),
      color: role("c-text"),
      fontSize: 11,
      fontWeight: 500,
    },
    ...(index === 0 && spec.band
      ? {
          markArea: {
            silent: true,
            itemStyle: { color: role("ch-band") },
            label: {
              color: role("ch-axis"), fontSize: 11, position: "insideTopLeft" as const,
              formatter: spec.band.label,
            },
            data: [[{ yAxis: spec.band.low }, { yAxis: spec.band.high }]] as never,
          },
        }
      : {}),
  }));
}

function bars(spec: BarChartSpec, role: Roles) {
  return spec.series.map((series) => ({
    type: "bar" as const,
    stack: "all",
    name: series.name,
    data: series.values,
    barCategoryGap: spec.horizontal ? "30%" : "45%",
    itemStyle: {
      color: series.hatched ? "transparent" : role(series.role),
      borderColor: series.hatched ? role(series.role) : role("c-surface"),
      borderWidth: series.hatched ? 1 : 0.5,
      ...(series.hatched
        ? { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4,
            color: role(series.role) }, color: role("c-surface") }
        : {}),
    },
  }));
}

function format(value: unknown, decimals: number): string {
  if (typeof value !== "number") return "";
  return new Intl.NumberFormat(locale(), {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  }).format(value).replace("-", "−");
}

export default function EChart({ spec, onPick }: {
  spec: ChartSpec;
  onPick?: ((index: number) => void) | undefined;
}) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const role = rolesOf(element);
    const chart = init(element, null, { renderer: "svg" });
    const pick = onPick;
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: spec.kind === "line" ? 44 : 12, top: 16, bottom: 4, containLabel: true },
      aria: { enabled: false, decal: { show: false } },
      tooltip: {
        trigger: "axis",
        // Text drawn by the chart: the page's policy refuses markup with style attributes.
        renderMode: "richText",
        backgroundColor: role("c-raised"),
        borderColor: role("c-line-2"),
        textStyle: { color: role("c-text"), fontSize: 12 },
        valueFormatter: (value: unknown) => format(value, spec.decimals),
      },
      ...axes(spec, role),
      series: spec.kind === "line" ? lines(spec, role) : bars(spec, role),
    });
    if (pick) {
      chart.getZr().on("click", (event) => {
        const point = chart.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]);
        const index = Math.round(point?.[0] ?? -1);
        if (index >= 0 && index < spec.labels.length) pick(index);
      });
    }
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
      element.replaceChildren();
    };
  }, [spec, dark, onPick]);
  return <div ref={place} className="chart-in" />;
}
