// SPDX-License-Identifier: Apache-2.0
// Numbers and times as the reader sees them. Undefined (null, NaN, absent) is always "–", never 0. Times are the
// exchange's wall time as the server sent it: never moved into the reader's own zone.
import { getDigits } from './settings';

export const UNDEFINED = '–';
export type Value = number | null | undefined;

const isNumber = (value: Value): value is number => typeof value === 'number' && Number.isFinite(value);
const locale = (): string => (getDigits() === 'indian' ? 'en-IN' : 'en-US');

const formatters = new Map<string, Intl.NumberFormat>();
function formatter(decimals: number, atLeast: number): Intl.NumberFormat {
  const key = `${locale()} ${decimals} ${atLeast}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale(), { minimumFractionDigits: atLeast, maximumFractionDigits: decimals });
    formatters.set(key, found);
  }
  return found;
}

/** Minus as a minus sign, and no "-0.00". */
function tidy(text: string): string {
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace('-', '\u2212');
}

/** 1234567.8 -> "12,34,567.80" or "1,234,567.80". */
export function number(value: Value, decimals = 2): string {
  return isNumber(value) ? tidy(formatter(decimals, decimals).format(value)) : UNDEFINED;
}
/** As many decimals as the number has, at most `most`. */
export function plain(value: Value, most = 6): string {
  return isNumber(value) ? tidy(formatter(most, 0).format(value)) : UNDEFINED;
}
export const count = (value: Value): string => number(value, 0);
/** Shares, contracts or coins, which may be fractions. */
export const quantity = (value: Value): string => plain(value, 8);
export const rupees = (value: Value, decimals = 2): string => withUnit(number(value, decimals), '₹', true);
/** Short enough for an axis: ₹1.21 L and ₹2.50 Cr, or ₹121 k and ₹25.0 M. */
export function shortRupees(value: Value): string {
  if (!isNumber(value)) return UNDEFINED;
  const steps: readonly [number, string][] =
    getDigits() === 'indian'
      ? [
          [1e7, 'Cr'],
          [1e5, 'L'],
        ]
      : [
          [1e6, 'M'],
          [1e4, 'k'],
        ];
  const step = steps.find(([size]) => Math.abs(value) >= size);
  if (!step) return rupees(value, 0);
  const [size, name] = step[1] === 'k' ? [1e3, 'k'] : step;
  return `${rupees(value / size, name === 'k' ? 1 : 2)} ${name}`;
}
export const percent = (value: Value, decimals = 2): string => withUnit(number(value, decimals), '%');
export const inR = (value: Value, decimals = 2): string => withUnit(number(value, decimals), ' R');
export const price = (value: Value): string => number(value, 2);
export const probability = (value: Value): string => number(value, 3);

function withUnit(text: string, unit: string, before = false): string {
  if (text === UNDEFINED) return text;
  if (!before) return text + unit;
  return text.startsWith('\u2212') ? `\u2212${unit}${text.slice(1)}` : unit + text;
}

/** With "+" before what is more than zero. */
export function signed(text: string): string {
  return text === UNDEFINED || text.startsWith('\u2212') || !/[1-9]/.test(text) ? text : `+${text}`;
}
/** Class name for colour: 'gain', 'loss' or ''. Never the only sign: the number has its own. */
export function tone(value: Value): string {
  return !isNumber(value) || value === 0 ? '' : value > 0 ? 'gain' : 'loss';
}

/** A value with the unit and decimals that the server gave: "% of capital", "rupees a trade", "R", "bars", "", ... */
export function byUnit(value: unknown, unit: string | null | undefined, decimals = 3): string {
  if (value === null || value === undefined) return UNDEFINED;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return String(value);
  const first = (unit ?? '').split(' ')[0];
  if (first === '%' || first === 'percent') return percent(value, decimals);
  if (first === 'R') return inR(value, decimals);
  if (first === 'rupees' || first === '₹' || first === 'INR') return rupees(value, decimals);
  return number(value, decimals);
}
/** What is left of a unit when byUnit has written its sign: "% of capital" -> "of capital". */
export const unitRest = (unit: string | null | undefined): string =>
  (unit ?? '').replace(/^(%|percent|R|rupees|₹|INR)(?= |$)\s*/, '');

// ---- times -------------------------------------------------------------------------------------------

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const monthName = (month: number): string => MONTHS[month - 1] ?? UNDEFINED;

/** Wall time in seconds since 1970 "as if UTC", as in the time column of column documents -> "2023-01-02 09:15". */
export function wallTime(seconds: Value, withSeconds = false): string {
  if (!isNumber(seconds)) return UNDEFINED;
  const date = new Date(seconds * 1000);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${day} ${time}${withSeconds ? `:${two(date.getUTCSeconds())}` : ''}`;
}
/** "2023-01-02T09:15:00+05:30" -> 1672650900: wall time in seconds, the offset left out; undefined for what is no
 * time. */
export function wallSeconds(iso: string | null | undefined): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?/.exec(iso ?? '');
  if (!found) return undefined;
  const time = found[2] ?? '00:00:00';
  const ms = Date.parse(`${found[1]}T${time.length === 5 ? `${time}:00` : time}Z`);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
/** "2023-01-02T09:15:00+05:30" -> "2023-01-02 09:15" (seconds where there are any). */
export function localTime(iso: string | null | undefined): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?)?/.exec(iso ?? '');
  if (!found) return UNDEFINED;
  const seconds = found[3] && found[3] !== ':00' ? found[3] : '';
  return found[2] ? `${found[1]} ${found[2]}${seconds}` : (found[1] as string);
}
export const localDate = (iso: string | null | undefined): string => localTime(iso).slice(0, 10);
/** "+05:30" of an ISO time, "" where it has none. */
export const offsetOf = (iso: string | null | undefined): string => /([+-]\d\d:\d\d|Z)$/.exec(iso ?? '')?.[1] ?? '';
/** 3725 -> "1 h 2 min"; 42 -> "42 s". */
export function duration(seconds: Value): string {
  if (!isNumber(seconds)) return UNDEFINED;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2880) return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
  return `${plain(minutes / 1440, 1)} days`;
}
export function bytes(value: Value): string {
  if (!isNumber(value)) return UNDEFINED;
  if (value < 1000) return `${value} B`;
  return value < 1e6
    ? `${number(value / 1e3, 1)} kB`
    : value < 1e9
      ? `${number(value / 1e6, 1)} MB`
      : `${number(value / 1e9, 2)} GB`;
}
