import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";

/** The address bar as state: path and query, nothing else. */
export interface Location { path: string; query: URLSearchParams }

const listeners = new Set<() => void>();
let current = read();

function read(): Location {
  return {
    path: decodeURI(window.location.pathname),
    query: new URLSearchParams(window.location.search),
  };
}
function publish() {
  current = read();
  for (const listener of listeners) listener();
}
window.addEventListener("popstate", publish);

export function navigate(to: string, options: { replace?: boolean } = {}) {
  if (to === window.location.pathname + window.location.search) return;
  if (options.replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  publish();
}

export function useLocation(): Location {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Sets parameters of the present address; empty and null ones go. */
export function setQuery(values: Record<string, string | null>, options = { replace: true }) {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  navigate(window.location.pathname + (text ? `?${text}` : ""), options);
}

/** Matches "/e/:entity/customers/:customer"; null where it does not. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.replace(/\/$/, "").split("/");
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (let index = 0; index < wanted.length; index += 1) {
    const want = wanted[index] ?? "";
    const have = given[index] ?? "";
    if (want.startsWith(":")) values[want.slice(1)] = decodeURIComponent(have);
    else if (want !== have) return null;
  }
  return values;
}

/** A real link: the middle button, Ctrl and the status bar work as everywhere. */
export function Link({ to, className, children, label, title, current: isCurrent }: {
  to: string;
  className?: string;
  children: ReactNode;
  label?: string;
  title?: string;
  current?: boolean;
}) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} className={className} onClick={follow} aria-label={label} title={title}
      aria-current={isCurrent ? "page" : undefined}>
      {children}
    </a>
  );
}
