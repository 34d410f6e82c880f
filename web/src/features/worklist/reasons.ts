import type { WorklistRow } from "../../api/types";
import { currencyDecimals, day, decimal, fromMinor, money, said } from "../../texts/format";
import { t, tCode } from "../../texts";

type Part = WorklistRow["parts"][number];

/** A line of the points in the reader's language, from the server's figures. */
export function factOf(part: Part, row: WorklistRow): string {
  switch (part.name) {
    case "overdue_amount": {
      const decimals = currencyDecimals(row.currency);
      return t("fact.overdue_amount", {
        amount: money(fromMinor(BigInt(part.value), decimals), row.currency),
      });
    }
    case "days_overdue": {
      const document = /\(([^)]+)\)/.exec(part.fact)?.[1] ?? "";
      return t("fact.days_overdue", { count: part.value, document });
    }
    case "risk":
      return part.sample === undefined ? said(part.fact) : t("fact.risk", {
        days: decimal((part.value / 10).toFixed(1)), count: part.sample,
      });
    case "broken_promises": return t("fact.broken_promises", { count: part.value });
    case "follow_up_due": return t("fact.follow_up_due", { count: part.value });
    case "rising_balance": return t("fact.rising_balance", { percent: part.value });
  }
}

/**
 * A reason in the reader's language, where its sentence has the form that the server gives it; any
 * other sentence stays as it is.
 */
export function reasonOf(reason: { kind: string; text: string }): string {
  const agreed = /^agreed next action (\w+) since (\S+)$/.exec(reason.text);
  if (agreed) {
    return t("reason.agreed", { action: tCode("next_action", agreed[1] ?? ""), day: day(agreed[2] ?? "") });
  }
  const escalation = /^escalation to (.+) since (\S+)$/.exec(reason.text);
  if (escalation) {
    return t("reason.escalation", { person: escalation[1] ?? "", day: day(escalation[2] ?? "") });
  }
  const step = /^(\S+) of (\S+) since (\S+)$/.exec(reason.text);
  if (step && reason.kind === "step_due") {
    return t("reason.step", {
      step: step[1] ?? "", document: step[2] ?? "", day: day(step[3] ?? ""),
    });
  }
  const broken = /^promise (\S+) of ([\d.,]+) (\w{3}) by (\S+) was not kept/.exec(reason.text);
  if (broken) {
    return t("reason.broken", {
      amount: money((broken[2] ?? "").replace(/,/g, ""), broken[3] ?? ""), day: day(broken[4] ?? ""),
    });
  }
  return said(reason.text);
}
