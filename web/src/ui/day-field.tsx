import { useState } from "react";
import { fullDay, parseDay, weekday } from "../texts/format";
import { t } from "../texts";
import { Icon } from "./icon";

/** Takes 10, fri, +7, 10 jun; shows weekday and full date. What is no day is said, not corrected. */
export function DayField({ value, businessDate, onChange, label, inputId, future }: {
  value: string;
  businessDate: string;
  onChange: (day: string) => void;
  label: string;
  inputId?: string;
  /** A day in the past is said to be one. */
  future?: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const parsed = typed === null ? value : parseDay(typed, businessDate);
  const wrong = typed !== null && typed !== "" && parsed === null;
  const late = future && !!parsed && parsed < businessDate;
  const message = wrong ? t("day.unknown") : late ? t("day.past")
    : parsed && weekday(parsed) > 5 ? t("day.weekend") : "";
  return (
    <span className="day-field">
      <span className={`in${wrong ? " is-error" : ""}`}>
        <Icon name="cal" small />
        <input id={inputId} aria-label={label} aria-invalid={wrong || undefined} autoComplete="off"
          value={typed ?? fullDay(value)} placeholder={t("day.placeholder")}
          onFocus={(event) => event.target.select()}
          onChange={(event) => {
            setTyped(event.target.value);
            const found = parseDay(event.target.value, businessDate);
            if (found) onChange(found);
            else if (event.target.value === "") onChange("");
          }}
          onBlur={() => { if (!wrong) setTyped(null); }} />
        {typed !== null && parsed && <span className="t3 s nowrap">{fullDay(parsed)}</span>}
      </span>
      {message && <span className={`s ${wrong ? "bad" : "warn"}`} role="status">{message}</span>}
    </span>
  );
}
