import { useMemo } from "react";
import { useTeam } from "../../api/queries";
import type { Team } from "../../api/types";
import { addDays } from "../../texts/format";
import { t } from "../../texts";
import { Chart, type ChartSpec } from "../../ui/chart";
import { Loaded } from "../../ui/states";
import { useMe } from "../session/me";

const lookBackDays = 30;

/** Kept and broken differ by fill, not by green and red. */
export function KeptByCollector() {
  const { entity } = useMe();
  const read = useTeam(entity.entity, {
    from: addDays(entity.today, -lookBackDays), to: entity.today,
  });
  return (
    <section className="card" aria-label={t("promises.kept_by")}>
      <header><h2 className="h2">{t("promises.kept_by")}</h2></header>
      <Loaded read={read} rows={4}>{(team) => <Bars team={team} />}</Loaded>
    </section>
  );
}

function Bars({ team }: { team: Team }) {
  const rows = team.collectors.filter((one) => one.kept + one.partly_kept + one.broken > 0);
  const spec = useMemo((): ChartSpec => ({
    kind: "bars",
    horizontal: true,
    decimals: 0,
    labels: rows.map((one) => `${one.collector} ${share(one)}`),
    series: [
      { name: t("promise_state.kept"), role: "ch-2", values: rows.map((one) => one.kept) },
      { name: t("promises.not_kept"), role: "c-bad-solid", hatched: true,
        values: rows.map((one) => one.broken + one.partly_kept) },
    ],
  }), [rows]);
  if (rows.length === 0) return <p className="pad s t3">{t("promises.none")}</p>;
  return (
    <div className="pad tight">
      <Chart spec={spec} className="small" text={rows.map((one) =>
        `${one.collector}: ${share(one)}`).join(", ")} />
      <p className="legend">
        <span><span className="sw kept" />{t("promise_state.kept")}</span>
        <span><span className="sw hatched" />{t("promises.not_kept")}</span>
      </p>
    </div>
  );
}

function share(one: Team["collectors"][number]): string {
  const settled = one.kept + one.partly_kept + one.broken;
  return settled > 0 ? `${Math.round((100 * one.kept) / settled)}\u202f%` : "";
}
