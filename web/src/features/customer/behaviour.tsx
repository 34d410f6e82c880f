import { useMemo, useState } from "react";
import { useBehaviour } from "../../api/queries";
import type { BehaviourMonth } from "../../api/types";
import { decimal, month } from "../../texts/format";
import { t } from "../../texts";
import { Seg } from "../../ui/controls";
import { Chart, type ChartSpec } from "../../ui/chart";
import { Cell } from "../../ui/money";
import { Empty, Loaded } from "../../ui/states";
import { useMe } from "../session/me";

/** How many days late this customer pays, month by month; the same figures as a table. */
export function Behaviour({ customer }: { customer: string }) {
  const { entity } = useMe();
  const read = useBehaviour(entity.entity, customer);
  const [view, setView] = useState<"chart" | "table">("chart");
  return (
    <section className="card full" aria-label={t("behaviour.title")}>
      <header>
        <h2 className="h2">{t("behaviour.title")}</h2>
        <span className="s t3">{t("behaviour.unit")}</span>
        <span className="sp" />
        <Seg label={t("chart.view")} value={view} onChange={setView} options={[
          { value: "chart", label: t("chart.chart") }, { value: "table", label: t("chart.table") },
        ]} />
      </header>
      <Loaded read={read}>
        {(page) => page.items.some((one) => one.average_days_late !== null)
          ? view === "chart" ? <Line months={page.items} /> : <Months months={page.items} />
          : <Empty icon="aging" title={t("behaviour.none")} />}
      </Loaded>
    </section>
  );
}

function Line({ months }: { months: BehaviourMonth[] }) {
  const spec = useMemo((): ChartSpec => ({
    kind: "line",
    labels: months.map((one) => month(`${one.month}-01`)),
    decimals: 0,
    series: [{
      name: t("behaviour.title"),
      tone: 1,
      values: months.map((one) =>
        one.average_days_late === null ? null : Math.round(Number(one.average_days_late))),
    }],
  }), [months]);
  const known = months.filter((one) => one.average_days_late !== null);
  const first = known[0];
  const last = known.at(-1);
  return (
    <Chart spec={spec} text={t("behaviour.text", {
      first: first ? `${first.month}: ${decimal(first.average_days_late ?? "0")}` : "",
      last: last ? `${last.month}: ${decimal(last.average_days_late ?? "0")}` : "",
    })} />
  );
}

function Months({ months }: { months: BehaviourMonth[] }) {
  return (
    <div className="scrolly table-box">
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">{t("field.month")}</th><th scope="col">{t("field.currency")}</th>
            <th scope="col" className="n">{t("field.invoiced")}</th>
            <th scope="col" className="n">{t("field.paid")}</th>
            <th scope="col" className="n">{t("field.days_late")}</th>
          </tr>
        </thead>
        <tbody>
          {[...months].reverse().map((one) => (
            <tr key={`${one.month}${one.currency}`}>
              <td>{month(`${one.month}-01`)}</td><td>{one.currency}</td>
              <td className="n"><Cell value={one.invoiced} /></td>
              <td className="n"><Cell value={one.paid} /></td>
              <td className="n">{one.average_days_late === null ? "" : decimal(one.average_days_late)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
