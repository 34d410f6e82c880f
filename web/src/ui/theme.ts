import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";
export type Density = "compact" | "comfortable";

const listeners = new Set<() => void>();
const themeKey = "arrears.theme";
const densityKey = "arrears.density";

export function theme(): Theme {
  const stored = localStorage.getItem(themeKey);
  return stored === "light" || stored === "dark" ? stored : "system";
}
export function density(): Density {
  return localStorage.getItem(densityKey) === "comfortable" ? "comfortable" : "compact";
}

export function isDark(): boolean {
  const chosen = theme();
  if (chosen !== "system") return chosen === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

export function applyAppearance() {
  const root = document.documentElement;
  const asked = new URLSearchParams(window.location.search).get("theme");
  if (asked === "light" || asked === "dark") localStorage.setItem(themeKey, asked);
  const chosen = theme();
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  root.dataset.density = density();
  for (const listener of listeners) listener();
}

export function setTheme(value: Theme) {
  localStorage.setItem(themeKey, value);
  applyAppearance();
}
export function setDensity(value: Density) {
  localStorage.setItem(densityKey, value);
  applyAppearance();
}

/** Changes with the theme, also when the system changes it: charts redraw. */
export function useDark(): boolean {
  return useSyncExternalStore((listener) => {
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    listeners.add(listener);
    media.addEventListener("change", listener);
    return () => {
      listeners.delete(listener);
      media.removeEventListener("change", listener);
    };
  }, isDark);
}
