import { useSyncExternalStore } from "react";
import { en } from "./en";
import type { Text } from "./translation";

/**
 * All texts of the app. A text is a string with {names}, or a pair {one, other} chosen by the value
 * of {count} with the plural rules of the language. A key that a language lacks is a type error.
 */
export type Key = keyof typeof en;
export type Catalogue = Record<Key, Text>;
export type Language = "en" | "de";

/** `refusals`: by their names; English ones come from the server, with the case's figures. */
interface Loaded { catalogue: Catalogue; refusals: Record<string, string> }

const loaders: Record<Language, () => Promise<Loaded>> = {
  en: async () => ({ catalogue: en, refusals: {} }),
  de: async () => {
    const [{ de }, { refusals }] = await Promise.all([import("./de"), import("./de/refusals")]);
    return { catalogue: de, refusals };
  },
};

/** The number and date habits that go with a language. British English: 24 h, day before month. */
const locales: Record<Language, string> = { en: "en-GB", de: "de-DE" };

let language: Language = "en";
let catalogue: Catalogue = en;
let refusals: Record<string, string> = {};
let plural = new Intl.PluralRules(locales.en);
const listeners = new Set<() => void>();
const storageKey = "arrears.language";

export function preferredLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === "en" || stored === "de") return stored;
  return navigator.language.startsWith("de") ? "de" : "en";
}

export async function setLanguage(value: Language, remember = true) {
  ({ catalogue, refusals } = await loaders[value]());
  language = value;
  plural = new Intl.PluralRules(locales[value]);
  if (remember) localStorage.setItem(storageKey, value);
  document.documentElement.lang = value;
  for (const listener of listeners) listener();
}

export function currentLanguage(): Language {
  return language;
}
/** BCP 47, for Intl. */
export function locale(): string {
  return locales[language];
}

export type Values = Record<string, string | number>;

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(locale()).format(value) : value;
  });
}

export function t(key: Key, values: Values = {}): string {
  const text = catalogue[key];
  if (typeof text === "string") return fill(text, values);
  const count = Number(values.count ?? 0);
  return fill(plural.select(count) === "one" ? text.one : text.other, values);
}

/** The refusal in the language, where it has been translated. */
export function tRefusal(code: string): string | undefined {
  return refusals[code];
}

export function knowsCode(family: string, code: string): boolean {
  return `${family}.${code}` in catalogue;
}

/** The text of a code that the server knows and this version of the app may not. */
export function tCode(family: string, code: string): string {
  const key = `${family}.${code}`;
  if (knowsCode(family, code)) return t(key as Key);
  return code.replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());
}

/** Draws again when the language changes. */
export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => language);
}
