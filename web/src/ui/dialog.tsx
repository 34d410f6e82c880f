import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "./controls";
import { scopeRank, useCommands } from "./keys";

/** The browser's own modal: focus stays inside, Esc closes, focus returns to where it came from. */
export function Dialog({ title, className, onClose, children, footer, closeLabel }: {
  title?: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  closeLabel: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useCommands("dialog", scopeRank.dialog, [], { modal: true });
  return (
    <dialog ref={dialog} className={className} aria-label={title}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      {title && (
        <header>
          <h2 className="h2">{title}</h2>
          <span className="sp" />
          <Button kind="quiet" iconOnly small icon="x" aria-label={closeLabel} onClick={onClose} />
        </header>
      )}
      {children}
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}
