import { Problem, Unreachable } from "../api/client";
import { t, tCode, tRefusal } from "./index";

/** A refusal in the reader's language where the catalogue has it, else as the server says it. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return t("problem.unreachable");
  if (!(error instanceof Problem)) return t("problem.unknown");
  const translated = tRefusal(error.code);
  if (translated) return translated;
  if (error.status === 403) return t("problem.forbidden");
  if (error.status === 404) return t("problem.not_found");
  if (error.status === 429) return t("problem.slow_down", { count: error.retryAfter ?? 1 });
  if (error.status >= 500) {
    return t("problem.server", { report: error.body.instance ?? error.code ?? "" });
  }
  return error.body.detail ?? error.body.title ?? tCode("refusal", error.code);
}

/** The message of one field, by the last part of its JSON pointer. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const found = error.body.errors?.find((one) => one.pointer?.split("/").at(-1) === field);
  return found?.detail;
}
