import { Component, type ReactNode } from "react";
import { t } from "../texts";
import { Button, Note } from "./controls";

/** A mistake in one page does not take the shell with it, and says so. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="pad">
        <Note tone="bad" icon="err" live>
          {t("problem.unknown")}
          <Button small onClick={() => window.location.reload()}>{t("action.reload")}</Button>
        </Note>
      </div>
    );
  }
}
