import type { Figure, Metrics } from "../../api/types";
import { percent } from "../../texts/format";
import { locale, t } from "../../texts";

/** The ten that stand in the list, in the order of the list; the others follow under "more". */
export const leading = [
  "dso_count_back", "best_possible_dso", "average_days_late", "cei_mean", "collection_rate",
  "promise_kept_rate", "bad_debt_percent", "collection_cycle_time", "right_party_contact_rate",
  "dso_simple",
];

/** The months' own line of a figure, where the report has one. */
const monthColumn: Record<string, "dso_count_back" | "cei" | "cei_write_offs_kept"> = {
  dso_count_back: "dso_count_back", cei_mean: "cei",
  cei_write_offs_kept_mean: "cei_write_offs_kept",
};
export function monthLine(metrics: Metrics, name: string): (number | null)[] | null {
  const column = monthColumn[name];
  if (!column) return null;
  return metrics.months.map((month) => {
    const value = month[column];
    return value === null || value === undefined ? null : Number(value);
  });
}

export function shownValue(figure: Figure): { value: string; unit: string } {
  if (figure.value === null) return { value: "–", unit: "" };
  const number = Number(figure.value);
  if (figure.unit === "percent") {
    const [value = "", unit = ""] = percent(number).split("\u202f");
    return { value, unit };
  }
  const value = new Intl.NumberFormat(locale(), {
    minimumFractionDigits: 1, maximumFractionDigits: 1,
  }).format(number);
  return { value, unit: figure.unit === "days" ? t("unit.days") : figure.unit };
}

export interface Standing { word: string; tone: "good" | "warn" | "t3" }

/** In words: in range, 2.8 above, 4 below, no target. */
export function standing(figure: Figure): Standing {
  const target = figure.target;
  if (!target || figure.value === null) return { word: t("metrics.no_target"), tone: "t3" };
  const value = Number(figure.value);
  const distance = (limit: string) => {
    const by = Math.abs(value - Number(limit));
    return new Intl.NumberFormat(locale(), { maximumFractionDigits: by < 0.1 ? 2 : 1 }).format(by);
  };
  if (target.standing === "above" && target.high !== null) {
    return { word: t("metrics.above", { by: distance(target.high) }), tone: "warn" };
  }
  if (target.standing === "below" && target.low !== null) {
    return { word: t("metrics.below", { by: distance(target.low) }), tone: "warn" };
  }
  return { word: t("metrics.in_range"), tone: "good" };
}

export function range(figure: Figure): string {
  const target = figure.target;
  if (!target) return "";
  const short = (value: string | null) => (value === null ? "" : new Intl.NumberFormat(locale(), {
    maximumFractionDigits: 1,
  }).format(Number(value)));
  return t("metrics.target", { low: short(target.low), high: short(target.high) });
}
