import { useState } from "react";
import { dayOf, fullDay, instantAt, parseDay, time } from "../../texts/format";
import { t } from "../../texts";
import { Icon } from "../../ui/icon";
import { setQuery, useLocation } from "../../ui/router";
import { useMe } from "../session/me";

/** The instant of the address whose knowledge counts; empty: all that is known now. */
export function useKnownAt(): string {
  const { query } = useLocation();
  return query.get("known_at") ?? "";
}

/** Takes a day with or without a time: "31 may" means its end, "31 may 08:15" the minute. */
export function KnownAtField() {
  const { entity } = useMe();
  const knownAt = useKnownAt();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = knownAt ? `${fullDay(dayOf(knownAt, entity.time_zone))} ${time(
    knownAt, entity.time_zone)}` : "";
  const instant = typed === null ? knownAt : read(typed, entity.today, entity.time_zone);
  const wrong = typed !== null && typed.trim() !== "" && instant === "";
  const take = () => {
    if (typed === null || wrong) return;
    setQuery({ known_at: instant || null });
    setTyped(null);
  };
  return (
    <label className="row t2">
      {t("aging.known_at")}
      <span className={`in known-in${wrong ? " is-error" : ""}`}>
        <Icon name="clock" small />
        <input value={typed ?? shown} placeholder={t("aging.now_known")} aria-invalid={wrong || undefined}
          onFocus={(event) => event.target.select()} onBlur={take}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => { if (event.key === "Enter") take(); }} />
      </span>
    </label>
  );
}

function read(text: string, today: string, zone: string): string {
  const parts = /^(.*?)(?:\s+(\d{1,2}):(\d{2}))?$/.exec(text.trim());
  const day = parseDay(parts?.[1] ?? "", today);
  if (!day) return "";
  const clock = parts?.[2] ? `${parts[2].padStart(2, "0")}:${parts[3]}` : "23:59";
  return instantAt(day, clock, zone);
}
