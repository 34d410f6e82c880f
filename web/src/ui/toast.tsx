import { useSyncExternalStore } from "react";
import { Icon } from "./icon";

/** For what was just done, never for an error; goes after six seconds. */
export interface Toast { id: number; text: string; action?: { label: string; run: () => void } }

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
const shownForMs = 6000;

function set(value: Toast[]) {
  toasts = value;
  for (const listener of listeners) listener();
}

export function toast(text: string, action?: Toast["action"]) {
  const id = next;
  next += 1;
  set([...toasts.slice(-2), action ? { id, text, action } : { id, text }]);
  window.setTimeout(() => set(toasts.filter((other) => other.id !== id)), shownForMs);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} className="toast">
          <Icon name="ok" />
          <span>{one.text}</span>
          {one.action && (
            <button type="button" onClick={() => {
              one.action?.run();
              set(toasts.filter((other) => other.id !== one.id));
            }}>{one.action.label}</button>
          )}
        </div>
      ))}
    </div>
  );
}
