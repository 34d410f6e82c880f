import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { idempotencyKey, post } from "../../api/client";
import { inEntity } from "../../api/queries";
import type { ImportOptions, ImportReport, ImportUpload } from "../../api/types";
import { count, decimal } from "../../texts/format";
import { t, tCode } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Note } from "../../ui/controls";
import { scopeRank, useCommands } from "../../ui/keys";
import { useMe } from "../session/me";
import { guessMapping } from "./guess";
import { Preview } from "./preview";
import { Problems } from "./problems";
import { goodRows, isBusy, reportOf, useImport } from "./use-import";

/** Changes of the mapping are checked when nothing more was changed for this long. */
const settleMs = 300;

/** Columns, their fields, and every problem where it is; checked again after each change. */
export function ImportCheck({ upload, onBack, onImport }: {
  upload: ImportUpload;
  onBack: () => void;
  onImport: (options: ImportOptions) => void;
}) {
  const { entity } = useMe();
  const client = useQueryClient();
  const columns = upload.analysis.columns.map((one) => one.column);
  const [map, setMap] = useState(() =>
    guessMapping(columns, upload.fields.map((one) => one.field)));
  const [currency, setCurrency] = useState(entity.currency);
  const [dates, setDates] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [at, setAt] = useState(0);
  const read = useImport(upload);
  const missing = upload.fields.filter((one) => one.required && !map[one.field]);
  const ready = missing.length === 0;
  const options: ImportOptions = {
    mapping: Object.entries(map).map(([field, column]) => ({ field, column })),
    ...(/^[A-Z]{3}$/.test(currency) ? { currency } : {}),
    ...(dates ? { dates } : {}),
  };
  const stamp = JSON.stringify(options);

  useEffect(() => {
    if (!ready) return;
    const timer = window.setTimeout(() => {
      setError(null);
      post(inEntity(entity.entity, "imports", upload.import_id, "dry-run"), JSON.parse(stamp),
        idempotencyKey())
        .then((state) => client.setQueryData(["import", entity.entity, upload.import_id], state))
        .catch(setError);
    }, settleMs);
    return () => window.clearTimeout(timer);
  }, [stamp, ready, upload.import_id, entity.entity, client]);

  const busy = isBusy(read.data);
  const report = busy ? null : reportOf(read.data);
  const problems = report?.problems ?? [];
  const good = report ? goodRows(report) : 0;
  const step = (by: number) => setAt((at + by + problems.length) % Math.max(1, problems.length));
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "import", keys: ["Ctrl+Enter"], label: t("import.submit", { count: good }),
      run: () => onImport(options), disabled: good === 0 },
    { id: "next-problem", keys: ["F8"], label: t("import.next_problem"), run: () => step(1) },
    { id: "previous-problem", keys: ["Shift+F8"], label: t("import.previous_problem"),
      run: () => step(-1) },
  ]);
  const assign = (column: string, field: string) => {
    const next = Object.fromEntries(Object.entries(map).filter(([name, value]) =>
      value !== column && name !== field));
    setMap(field ? { ...next, [field]: column } : next);
  };
  return (
    <div className="import-check">
      <Totals report={report} busy={busy} onBack={onBack} onImport={() => onImport(options)} />
      {missing.length > 0 && (
        <Note tone="warn" icon="alert" live>
          {t("import.missing_fields", {
            fields: missing.map((one) => tCode("import_field", one.field)).join(", "),
          })}
        </Note>
      )}
      {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
      {read.data.problem && <Note tone="bad" icon="err" live>{read.data.problem.detail}</Note>}
      <div className="imp">
        <section className="card fill" aria-label={t("import.preview")} data-pane>
          <header>
            <h2 className="h2">{t("import.preview")}</h2>
            <span className="sp" />
            <label className="row s t2">
              {t("import.currency")}
              <input className="in code" maxLength={3} value={currency}
                onChange={(event) => setCurrency(event.target.value.toUpperCase())} />
            </label>
            <label className="row s t2">
              {t("import.dates")}
              <select className="in" value={dates} onChange={(event) => setDates(event.target.value)}>
                <option value="">{t("import.dates_guess")}</option>
                {["D/M/Y", "M/D/Y", "Y-M-D", "excel"].map((one) => <option key={one}>{one}</option>)}
              </select>
            </label>
          </header>
          <Preview upload={upload} map={map} current={problems[at]} onAssign={assign} />
        </section>
        <Problems problems={problems} total={report?.problem_count ?? 0}
          rejected={report?.rejected ?? 0} checked={report !== null} at={at} onChoose={setAt} />
      </div>
    </div>
  );
}

function Totals({ report, busy, onBack, onImport }: {
  report: ImportReport | null;
  busy: boolean;
  onBack: () => void;
  onImport: () => void;
}) {
  const good = report ? goodRows(report) : 0;
  return (
    <div className="itot">
      <div>
        <span className="s t2">{t("import.good")}</span>
        <span className="big tn">{report ? count(good) : "–"}</span>
        <span className="s t3">
          {report && t("import.of", { total: count(report.rows), held: count(report.rejected) })}
        </span>
      </div>
      {report?.currencies.slice(0, 4).map((total) => (
        <div key={total.currency}>
          <span className="s t2">{t("import.open_in", { currency: total.currency })}</span>
          <span className="big tn">{decimal(total.added)}</span>
          <span className="s t3">{t("import.in_file", { amount: decimal(total.file) })}</span>
        </div>
      ))}
      <div className="go">
        <Button onClick={onBack}>{t("action.back")}</Button>
        <Button kind="primary" keys="Ctrl+Enter" disabled={busy || good === 0} onClick={onImport}>
          {busy ? t("import.checking") : t("import.submit", { count: good })}
        </Button>
      </div>
    </div>
  );
}
