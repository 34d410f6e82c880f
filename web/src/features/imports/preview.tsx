import type { ImportProblem, ImportUpload } from "../../api/types";
import { count } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Icon } from "../../ui/icon";

/** What stands in each column, the field that it is, and the problem that is looked at. */
export function Preview({ upload, map, current, onAssign }: {
  upload: ImportUpload;
  map: Record<string, string>;
  current: ImportProblem | undefined;
  onAssign: (column: string, field: string) => void;
}) {
  const columns = upload.analysis.columns;
  const fieldOf = (column: string) =>
    Object.entries(map).find(([, value]) => value === column)?.[0] ?? "";
  const rows = Math.max(0, ...columns.map((one) => one.values?.length ?? 0));
  return (
    <div className="scrolly grow" tabIndex={0} role="group" aria-label={t("import.preview")}>
      <table className="tbl itab">
        <thead>
          <tr>
            {columns.map((one) => (
              <th key={one.column} scope="col" className="mp">
                {one.column}
                <select className="in" aria-label={t("import.field_of", { column: one.column })}
                  value={fieldOf(one.column)}
                  onChange={(event) => onAssign(one.column, event.target.value)}>
                  <option value="">{t("import.skip")}</option>
                  {upload.fields.map((field) => (
                    <option key={field.field} value={field.field} title={field.meaning}>
                      {tCode("import_field", field.field)}
                    </option>
                  ))}
                </select>
                <span className="s t3">{tCode("import_type", one.looks_like)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {columns.map((one) => {
                const value = one.values?.[row] ?? "";
                const wrong = current?.column === one.column && current.value === value;
                return <td key={one.column} className={wrong ? "cell-err" : ""}>{value}</td>;
              })}
            </tr>
          ))}
          {current && (
            <tr className="msg err">
              <td colSpan={columns.length}>
                <Icon name="err" small />{" "}
                {t("import.at", { row: count(current.line), column: current.column })}{" "}
                {current.value && `“${current.value}” `}{current.message}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
