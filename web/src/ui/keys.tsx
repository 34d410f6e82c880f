import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";

/**
 * Keys and commands in one registry: what a key does, what the palette offers and what the key help
 * shows are the same list. Scopes lie on a stack; the inner one (a dialog, the call panel) wins.
 * Single letters work only outside text fields; keys with Ctrl work everywhere.
 */
export interface Command {
  id: string;
  /** As `event.key`: "j", "?", "Ctrl+Enter", "Shift+D", or the room prefix "g w". */
  keys?: string[];
  label: string;
  run: () => void;
  /** Not offered in the palette: moving about in a list, say. */
  keyOnly?: boolean;
  disabled?: boolean;
}

interface Scope {
  group: string;
  rank: number;
  modal: boolean;
  commands: () => Command[];
}

export const scopeRank = { app: 0, page: 1, panel: 2, dialog: 3 } as const;

const scopes: Scope[] = [];
const listeners = new Set<() => void>();
let version = 0;
let prefix = "";
let prefixTimer = 0;
const storageKey = "arrears.singleKeys";

export function singleKeysOn(): boolean {
  return localStorage.getItem(storageKey) !== "off";
}
export function setSingleKeys(on: boolean) {
  localStorage.setItem(storageKey, on ? "on" : "off");
}

function changed() {
  version += 1;
  for (const listener of listeners) listener();
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement &&
    !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** "Ctrl+Shift+Enter", "Shift+D", "j": letters follow what the keyboard layout prints. */
function nameOf(event: KeyboardEvent): string {
  const key = event.key === " " ? "Space" : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  if (event.shiftKey && (letter || key.length > 1)) parts.push("Shift");
  parts.push(letter ? (event.shiftKey ? key.toUpperCase() : key.toLowerCase()) : key);
  return parts.join("+");
}

function activate(event: KeyboardEvent, name: string): boolean {
  const ordered = [...scopes].sort((a, b) => b.rank - a.rank);
  const modal = ordered.find((scope) => scope.modal);
  for (const scope of ordered) {
    for (const command of scope.commands()) {
      if (command.disabled || !command.keys?.includes(name)) continue;
      event.preventDefault();
      command.run();
      return true;
    }
    if (scope === modal) return false;
  }
  return false;
}

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  if (["Control", "Shift", "Meta"].includes(event.key)) return;
  const field = isTextField(event.target);
  if (field && event.key === "Escape" && !(event.target as HTMLElement).closest("dialog")) {
    (event.target as HTMLElement).blur();
    event.preventDefault();
    return;
  }
  const name = nameOf(event);
  const plain = !event.ctrlKey && !event.metaKey;
  if (plain && field && !/^F\d+$/.test(event.key)) return;
  if (plain && event.key.length === 1 && !singleKeysOn()) return;
  const onControl = event.target instanceof HTMLElement &&
    event.target.closest("button, a, summary, [role=menuitem], [role=tab]");
  if (onControl && (name === "Enter" || name === "Space")) return;
  if (event.target instanceof HTMLInputElement && name === "Space") return;
  if (prefix) {
    const combined = `${prefix} ${name}`;
    prefix = "";
    if (activate(event, combined)) return;
  }
  if (plain && name === "g") {
    prefix = "g";
    window.clearTimeout(prefixTimer);
    prefixTimer = window.setTimeout(() => { prefix = ""; }, 1500);
    return;
  }
  activate(event, name);
}

let installed = false;

/** Puts commands on the stack while the component is on screen. `run` may close over fresh state. */
export function useCommands(
  group: string,
  rank: number,
  commands: Command[],
  options: { active?: boolean; modal?: boolean } = {},
) {
  const current = useRef(commands);
  current.current = commands;
  const active = options.active ?? true;
  const modal = options.modal ?? false;
  useLayoutEffect(() => {
    if (!active) return;
    if (!installed) {
      installed = true;
      window.addEventListener("keydown", onKeyDown);
    }
    const scope: Scope = { group, rank, modal, commands: () => current.current };
    scopes.push(scope);
    changed();
    return () => {
      scopes.splice(scopes.indexOf(scope), 1);
      changed();
    };
  }, [group, rank, active, modal]);
}

export interface CommandGroup { group: string; commands: Command[] }

/** All commands that work now, the innermost scope first. */
export function activeCommands(): CommandGroup[] {
  const groups: CommandGroup[] = [];
  for (const scope of [...scopes].sort((a, b) => b.rank - a.rank)) {
    if (scope.modal) continue;
    const commands = scope.commands();
    const same = groups.find((group) => group.group === scope.group);
    if (same) same.commands.push(...commands);
    else groups.push({ group: scope.group, commands: [...commands] });
  }
  return groups;
}

export function useActiveCommands(): CommandGroup[] {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return activeCommands();
}

const shown: Record<string, string> = {
  Enter: "↵", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Space: "Space", Backspace: "⌫",
  Shift: "⇧",
};

/** "Ctrl+Enter" as key caps. */
export function Kbd({ keys }: { keys: string }) {
  const caps = keys.split(" ").flatMap((chord) => {
    const parts = chord.split("+").map((part) => shown[part] ?? part);
    return [parts.map((part) => (part.length === 1 ? part.toUpperCase() : part)).join(" ")];
  });
  return <>{caps.map((cap, index) => <kbd key={index}>{cap}</kbd>)}</>;
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(keys: string): string {
  return keys.replace("Ctrl", "Control");
}

/** Calls back each second while on screen: clocks, timers. */
export function useTick(callback: () => void, active = true) {
  const current = useRef(callback);
  current.current = callback;
  useEffect(() => {
    if (!active) return;
    const timer = window.setInterval(() => current.current(), 1000);
    return () => window.clearInterval(timer);
  }, [active]);
}
