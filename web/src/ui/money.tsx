import { cell, decimal, isZero } from "../texts/format";

/** An amount with its currency, smaller and grey, behind it. */
export function Amount({ value, currency, strong }: {
  value: string;
  currency?: string;
  strong?: boolean;
}) {
  return (
    <span className={`tn${strong ? " b" : ""}`}>
      {decimal(value)}
      {currency && <span className="cur">{currency}</span>}
    </span>
  );
}

/** In a table cell: zero is an en dash, grey. */
export function Cell({ value }: { value: string }) {
  return isZero(value) ? <span className="t3">–</span> : <>{cell(value)}</>;
}
