import { type AgingFigures, type Bucket, buckets } from "../api/types";
import { days, fromMinor, minor } from "../texts/format";
import { t } from "../texts";
import { Cell } from "./money";

export const bucketLabel = (bucket: Bucket): string => t(`bucket.${bucket}`);
export const bucketClass = (bucket: string): string => {
  const index = buckets.indexOf(bucket as Bucket);
  return index < 0 ? "ac" : `a${index}`;
};

/** The bucket of a number of days overdue. */
export function bucketOf(daysOverdue: number): Bucket {
  if (daysOverdue <= 0) return "not_due";
  const limits: [number, Bucket][] = [[30, "1_30"], [60, "31_60"], [90, "61_90"], [120, "91_120"]];
  return limits.find(([limit]) => daysOverdue <= limit)?.[1] ?? "over_120";
}

/** The figure, and a swatch that repeats its bucket. */
export function Days({ value, bucket }: { value: number; bucket?: string }) {
  return (
    <span className="days">
      {days(value)}
      <span className={`sw ${bucketClass(bucket ?? bucketOf(value))}`} />
    </span>
  );
}

export function AgeBar({ figures }: { figures: AgingFigures }) {
  const shares = buckets.map((bucket) => Number(minor(figures.buckets[bucket])));
  const total = shares.reduce((sum, share) => sum + Math.max(0, share), 0);
  return (
    <span className="agebar" role="img" aria-label={t("aging.bar")}>
      {shares.map((share, index) => share > 0 && (
        <i key={index} className={`a${index}`} style={{ width: `${(100 * share) / total}%` }} />
      ))}
    </span>
  );
}

/** A bar per currency over its figures; credits stand apart and are never netted silently. */
export function AgeTable({ rows }: { rows: AgingFigures[] }) {
  return (
    <table className="ag">
      <colgroup>
        <col className="c0" />
        {buckets.map((bucket) => <col key={bucket} />)}
        <col className="cr" /><col className="bal" />
      </colgroup>
      <thead>
        <tr>
          <th><span className="vh">{t("field.currency")}</span></th>
          {buckets.map((bucket) => (
            <th key={bucket} scope="col">
              <span className={`sw ${bucketClass(bucket)}`} />{bucketLabel(bucket)}
            </th>
          ))}
          <th scope="col">{t("field.credits")}</th>
          <th scope="col">{t("field.balance")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => <AgeRows key={row.currency} row={row} />)}
      </tbody>
    </table>
  );
}

function AgeRows({ row }: { row: AgingFigures }) {
  return (
    <>
      <tr className="barrow"><td /><td colSpan={8}><AgeBar figures={row} /></td></tr>
      <tr>
        <td className="b">{row.currency}</td>
        {buckets.map((bucket) => <td key={bucket}><Cell value={row.buckets[bucket]} /></td>)}
        <td><Cell value={creditsOf(row)} /></td>
        <td className="b"><Cell value={row.balance} /></td>
      </tr>
    </>
  );
}

/** Credits and unapplied cash as what they do to the balance: negative. */
export function creditsOf(row: AgingFigures): string {
  const decimals = (row.balance.split(".")[1] ?? "").length;
  return fromMinor(-(minor(row.credits) + minor(row.unapplied_cash)), decimals);
}
