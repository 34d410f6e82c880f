import { type ReactNode } from "react";
import { Problem, Unreachable } from "../api/client";
import { problemText } from "../texts/problems";
import { t } from "../texts";
import { Button } from "./controls";
import { Icon, type IconName } from "./icon";

/** Grey lines in the shape of the content; invisible for the first 200 ms. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className="skeleton" role="status" aria-label={t("state.loading")}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className="skel"
          style={{ "--w": `${40 + ((index * 37) % 50)}%` } as React.CSSProperties} />
      ))}
    </div>
  );
}

/** What, why, what next. */
export function Empty({ icon, title, text, children }: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon name={icon} className="big" />
      <p className="b">{title}</p>
      {text && <p className="s t2">{text}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  );
}

/** What failed, what did not change, what to do; a missing right is no failure. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const forbidden = error instanceof Problem && error.status === 403;
  const missing = error instanceof Problem && error.status === 404;
  const away = error instanceof Unreachable;
  const tone = forbidden || missing ? "" : away ? " warn" : " bad";
  const icon = forbidden ? "lock" : missing ? "search" : away ? "plug" : "err";
  return (
    <div className="pad">
      <div className={`note${tone}`} role="alert">
        <Icon name={icon} />
        <div className="tight">
          <p>
            <b className="b">
              {t(forbidden ? "state.forbidden" : missing ? "state.missing"
                : away ? "state.offline" : "state.failed")}
            </b>{" "}
            {problemText(error)}
          </p>
          {onRetry && !forbidden && !missing && (
            <div className="row"><Button small onClick={onRetry}>{t("action.retry")}</Button></div>
          )}
        </div>
      </div>
    </div>
  );
}

interface Read<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Loading, error and forbidden of one read; the content is drawn once there is something to draw. */
export function Loaded<T>({ read, rows, children }: {
  read: Read<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  if (read.data !== undefined) return <>{children(read.data)}</>;
  if (read.error) return <Failed error={read.error} onRetry={() => read.refetch()} />;
  return <Skeleton rows={rows ?? 6} />;
}
