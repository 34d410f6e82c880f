import { useState } from "react";
import { currencyDecimals, decimal, parseAmount } from "../texts/format";
import { t } from "../texts";

/** Right aligned, the decimals of the currency, the currency fixed beside it. */
export function AmountField({ value, currency, onChange, label, inputId }: {
  value: string;
  currency: string;
  onChange: (amount: string) => void;
  label: string;
  inputId?: string;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const decimals = currencyDecimals(currency);
  const wrong = typed !== null && typed !== "" && parseAmount(typed, decimals) === null;
  return (
    <span className="day-field">
      <span className={`in${wrong ? " is-error" : ""}`}>
        <input id={inputId} className="num" inputMode="decimal" aria-label={`${label}, ${currency}`}
          aria-invalid={wrong || undefined} autoComplete="off"
          value={typed ?? (value ? decimal(value) : "")}
          onFocus={(event) => event.target.select()}
          onChange={(event) => {
            setTyped(event.target.value);
            const amount = parseAmount(event.target.value, decimals);
            if (amount !== null) onChange(amount);
            else if (event.target.value === "") onChange("");
          }}
          onBlur={() => { if (!wrong) setTyped(null); }} />
        <span className="cur">{currency}</span>
      </span>
      {wrong && <span className="s bad" role="status">{t("amount.unknown", { count: decimals })}</span>}
    </span>
  );
}
