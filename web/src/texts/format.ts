import { locale, t } from "./index";

/** Amounts are decimal strings from the server to the screen; they never become a float. */
export interface Amount { currency: string; amount: string }

const nbsp = "\u00a0";
const formats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(decimals: number): Intl.NumberFormat {
  const key = `${locale()} ${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format;
}

function decimalsOf(value: string): number {
  const point = value.indexOf(".");
  return point < 0 ? 0 : value.length - point - 1;
}

/** "12500.00" as 12,500.00, all its decimals, U+2212 before a negative one. */
export function decimal(value: string): string {
  return numberFormat(decimalsOf(value)).format(value as unknown as number).replace("-", "−");
}

/** As `decimal`; zero in a table is an en dash. */
export function cell(value: string): string {
  return isZero(value) ? "–" : decimal(value);
}

export function money(value: string, currency: string): string {
  return `${decimal(value)}${nbsp}${currency}`;
}

export function isZero(value: string): boolean {
  return !/[1-9]/.test(value);
}
export function isNegative(value: string): boolean {
  return value.startsWith("-") && !isZero(value);
}

/** Minor units and their number of decimals: exact sums and comparisons of one currency. */
export function minor(value: string): bigint {
  return BigInt(value.replace(".", ""));
}
export function fromMinor(units: bigint, decimals: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals > 0 ? `${whole}.${digits.slice(-decimals)}` : whole;
  return negative ? `-${text}` : text;
}
export function sum(values: string[]): string {
  const decimals = Math.max(0, ...values.map(decimalsOf));
  let total = 0n;
  for (const value of values) {
    total += minor(value) * 10n ** BigInt(decimals - decimalsOf(value));
  }
  return fromMinor(total, decimals);
}
/** What a person typed: 1,234.5 or 1.234,5 by the reader's locale. Null where it is no amount. */
export function parseAmount(text: string, decimals: number): string | null {
  const point = numberFormat(1).formatToParts(1.5).find((part) => part.type === "decimal");
  const mark = point?.value ?? ".";
  const plain = text.replace(/[\s\u00a0\u202f']/g, "");
  const whole = mark === "," ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
  if (!/^\d+(\.\d*)?$/.test(whole)) return null;
  const [units = "0", fraction = ""] = whole.split(".");
  if (fraction.length > decimals) return null;
  const padded = fraction.padEnd(decimals, "0");
  return decimals > 0 ? `${BigInt(units)}.${padded}` : String(BigInt(units));
}
export function currencyDecimals(currency: string): number {
  try {
    const options = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    return options.maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

export function count(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}
export function percent(value: number | string): string {
  return `${numberFormat(1).format(Number(value)).replace("-", "−")}\u202f%`;
}
/** A day count as figures: 17, 0, −11. */
export function days(value: number): string {
  return String(value).replace("-", "−");
}

function dateFormat(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name} ${options.timeZone ?? ""}`;
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale(), options);
    dateFormats.set(key, format);
  }
  return format;
}
function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
/** 10 Jun 2026: in tables. */
export function day(value: string): string {
  if (!value) return "";
  return dateFormat("day", {
    day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  }).format(utc(value)).replace("Sept", "Sep");
}
/** Wed 10 Jun 2026: where a decision hangs on it. */
export function fullDay(value: string): string {
  if (!value) return "";
  return dateFormat("full", {
    weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  }).format(utc(value)).replace(",", "").replace("Sept", "Sep");
}
/** Wed 10 Jun. */
export function shortDay(value: string): string {
  if (!value) return "";
  return dateFormat("short", {
    weekday: "short", day: "numeric", month: "short", timeZone: "UTC",
  }).format(utc(value)).replace(",", "").replace("Sept", "Sep");
}
/** A sentence of the server with its days as the reader writes them, beginning with a capital. */
export function said(text: string): string {
  return withDays(text).replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
/** The days in a text of the server as people write them. */
export function withDays(text: string): string {
  return text.replace(/\d{4}-\d{2}-\d{2}/g, (found) => day(found));
}
/** 10 Jun. */
export function dayMonth(value: string): string {
  if (!value) return "";
  return dateFormat("dayMonth", { day: "numeric", month: "short", timeZone: "UTC" })
    .format(utc(value)).replace("Sept", "Sep");
}
/** Jun 26: on an axis. */
export function month(value: string): string {
  return dateFormat("month", { month: "short", year: "2-digit", timeZone: "UTC" })
    .format(utc(value)).replace("Sept", "Sep");
}
/** 08:15 in a zone. */
export function time(instant: string, zone: string): string {
  return dateFormat("time", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  }).format(new Date(instant));
}
/** The instant at a clock time of a day in a zone. */
export function instantAt(value: string, clock: string, zone: string): string {
  const guess = new Date(`${value}T${clock}:00Z`);
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit",
    minute: "2-digit", hourCycle: "h23",
  }).formatToParts(guess);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "00";
  const there = Date.parse(
    `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:00Z`);
  return new Date(2 * guess.getTime() - there).toISOString();
}
/** The day of an instant in a zone, as 2026-06-10. */
export function dayOf(instant: string, zone: string): string {
  return new Intl.DateTimeFormat("sv-SE", {
    year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone,
  }).format(new Date(instant));
}
/** 3:48, from seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
export function seconds(from: string, until: string): number {
  return (Date.parse(until) - Date.parse(from)) / 1000;
}

export function addDays(value: string, number: number): string {
  const date = utc(value);
  date.setUTCDate(date.getUTCDate() + number);
  return date.toISOString().slice(0, 10);
}
/** 1 Monday to 7 Sunday. */
export function weekday(value: string): number {
  return utc(value).getUTCDay() || 7;
}
/** The next given weekday after the day. */
export function nextWeekday(value: string, wanted: number): string {
  const ahead = (wanted - weekday(value) + 7) % 7;
  return addDays(value, ahead === 0 ? 7 : ahead);
}
/** Skips Saturday and Sunday; holidays are the server's to say. */
export function nextWorkday(value: string): string {
  let result = addDays(value, 1);
  while (weekday(result) > 5) result = addDays(result, 1);
  return result;
}
export function daysBetween(from: string, until: string): number {
  return Math.round((utc(until).getTime() - utc(from).getTime()) / 86_400_000);
}
/** "in 11 days", "11 days ago", "today". */
export function relative(from: string, until: string): string {
  const number = daysBetween(from, until);
  if (number === 0) return t("time.today");
  return number > 0 ? t("time.in_days", { count: number }) : t("time.days_ago", { count: -number });
}

/**
 * What people type into a date field: 10, fri, +7, 10 jun, 2026-06-10. The result is after the
 * business date where the text leaves it open. Null where it is no day.
 */
export function parseDay(text: string, businessDate: string): string | null {
  const typed = text.trim().toLowerCase();
  if (/^\d{4}-\d{2}-\d{2}$/.test(typed)) return Number.isNaN(Date.parse(typed)) ? null : typed;
  const plus = /^\+(\d{1,3})$/.exec(typed);
  if (plus) return addDays(businessDate, Number(plus[1]));
  const dayNumber = /^(\d{1,2})\.?$/.exec(typed);
  if (dayNumber) return nextMonthday(businessDate, Number(dayNumber[1]));
  for (let number = 1; number <= 7; number += 1) {
    const sample = addDays("2026-06-01", number - 1);
    const name = dateFormat("weekday", { weekday: "long", timeZone: "UTC" }).format(utc(sample));
    if (typed.length >= 2 && name.toLowerCase().startsWith(typed)) {
      return nextWeekday(businessDate, number);
    }
  }
  const parts = /^(?:\p{L}{2,3}\.? )?(\d{1,2})\.? *(\p{L}{3,}|\d{1,2})\.? *(\d{4})?$/u.exec(typed);
  if (!parts) return null;
  const wantedMonth = monthNumber(parts[2] ?? "");
  if (!wantedMonth) return null;
  const year = parts[3] ? Number(parts[3]) : Number(businessDate.slice(0, 4));
  const result = compose(year, wantedMonth, Number(parts[1]));
  if (!result || parts[3] || result >= businessDate) return result;
  return compose(year + 1, wantedMonth, Number(parts[1]));
}

function compose(year: number, monthOfYear: number, dayOfMonth: number): string | null {
  const pad = (value: number) => String(value).padStart(2, "0");
  const text = `${year}-${pad(monthOfYear)}-${pad(dayOfMonth)}`;
  const date = utc(text);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}
function nextMonthday(businessDate: string, dayOfMonth: number): string | null {
  const year = Number(businessDate.slice(0, 4));
  const monthOfYear = Number(businessDate.slice(5, 7));
  for (let ahead = 0; ahead < 3; ahead += 1) {
    const index = monthOfYear - 1 + ahead;
    const result = compose(year + Math.floor(index / 12), (index % 12) + 1, dayOfMonth);
    if (result && result > businessDate) return result;
  }
  return null;
}
function monthNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  for (let index = 1; index <= 12; index += 1) {
    const sample = `2026-${String(index).padStart(2, "0")}-01`;
    const name = dateFormat("monthName", { month: "long", timeZone: "UTC" }).format(utc(sample));
    if (name.toLowerCase().startsWith(text.slice(0, 3))) return index;
  }
  return null;
}
