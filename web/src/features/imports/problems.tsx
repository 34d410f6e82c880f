import { useMemo } from "react";
import type { ImportProblem } from "../../api/types";
import { t, tCode } from "../../texts";
import { Chip } from "../../ui/controls";
import { Icon } from "../../ui/icon";

/** Equal problems are one line with their count; each opens its first row. */
export function Problems({ problems, total, rejected, checked, at, onChoose }: {
  problems: ImportProblem[];
  /** More than are listed where a file has very many. */
  total: number;
  rejected: number;
  checked: boolean;
  at: number;
  onChoose: (index: number) => void;
}) {
  const kinds = useMemo(() => {
    const found = new Map<string, { first: number; rows: number; problem: ImportProblem }>();
    problems.forEach((problem, index) => {
      const key = `${problem.code} ${problem.column}`;
      const kind = found.get(key);
      if (kind) kind.rows += 1;
      else found.set(key, { first: index, rows: 1, problem });
    });
    return [...found.values()];
  }, [problems]);
  return (
    <section className="card fill" aria-label={t("import.problems")} data-pane>
      <header>
        <h2 className="h2">{t("import.problems")}</h2>
        {rejected > 0 && <Chip tone="bad">{t("import.rows", { count: rejected })}</Chip>}
        <span className="sp" /><kbd>F8</kbd>
      </header>
      <div className="scrolly grow">
        {checked && kinds.length === 0 && (
          <p className="pad t2"><Icon name="ok" small /> {t("import.no_problems")}</p>
        )}
        {kinds.map(({ first, rows, problem }) => (
          <button key={`${problem.code}${problem.column}`} type="button" className="fd"
            aria-current={first === at || undefined} onClick={() => onChoose(first)}>
            <Icon name="err" className="bad" />
            <span>
              <span className="row">
                <b className="m el">{tCode("import_problem", problem.code)}</b>
                <span className="sp" />
                <span className="s t3">{t("import.rows", { count: rows })}</span>
              </span>
              <span className="s t2">{problem.message}</span>
            </span>
          </button>
        ))}
        {total > problems.length && (
          <p className="pad s t3">{t("import.more_problems", { count: total - problems.length })}</p>
        )}
      </div>
    </section>
  );
}
