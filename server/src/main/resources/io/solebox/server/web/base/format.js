// Numbers, sizes, speeds and times as people read them, in the page's language.

import { currentLanguage, say } from "./words.js";

/** What writes numbers and times: making one takes as long as writing hundreds. @type {Map<string, any>} */
const writers = new Map();

/**
 * The one of the page's language.
 * @template T
 * @param {string} kind
 * @param {(language: string) => T} make
 * @returns {T}
 */
function writer(kind, make) {
  const language = currentLanguage();
  const name = `${language} ${kind}`;
  if (!writers.has(name)) writers.set(name, make(language));
  return writers.get(name);
}

/** @param {number} value @param {number} [digits] after the point */
export const number = (value, digits = 0) =>
  writer(`${digits}`, (language) => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value);

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** @param {number} value in bytes */
export function bytes(value) {
  let unit = 0;
  let amount = value;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${number(amount, unit === 0 || amount >= 100 ? 0 : 1)} ${UNITS[unit]}`;
}

/** @param {number} perSecond */
export function speed(perSecond) {
  return `${number(perSecond, perSecond < 100 ? 1 : 0)} tokens/s`;
}

/** @param {number} millis */
export function duration(millis) {
  if (millis < 1000) return `${number(Math.round(millis))} ms`;
  const seconds = millis / 1000;
  if (seconds < 60) return `${number(seconds, seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${number(minutes)} min ${number(Math.floor(seconds % 60))} s`;
  return `${number(Math.floor(minutes / 60))} h ${number(minutes % 60)} min`;
}

/** A count as it fits beside a gauge: 9.8k. @param {number} count */
export function short(count) {
  if (count < 1000) return number(count);
  const thousands = count / 1000;
  if (thousands < 1000) return `${number(thousands, thousands < 10 ? 1 : 0)}k`;
  if (thousands < 1e6) return `${number(thousands / 1000, 1)}M`;
  return `${number(thousands / 1e6, 1)}B`;
}

/** A day: Sat 28 Nov, with its year if that is another. @param {number} millis @param {Date} [now] */
export function day(millis, now = new Date()) {
  const date = new Date(millis);
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return writer(`day ${year}`, (language) => new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", year })).format(date);
}

/** Day and time of day. @param {number} millis */
export function moment(millis) {
  const time = writer("time", (language) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }));
  return `${day(millis)}, ${time.format(millis)}`;
}

/** How long ago, for tooltips. @param {number} millis @param {number} [now] */
export function ago(millis, now = Date.now()) {
  const format = writer("ago", (language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
  const seconds = Math.round((millis - now) / 1000);
  if (Math.abs(seconds) < 60) return format.format(seconds, "second");
  if (Math.abs(seconds) < 3600) return format.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 86400) return format.format(Math.round(seconds / 3600), "hour");
  return format.format(Math.round(seconds / 86400), "day");
}

/** "3 tokens". @param {number} n */
export function tokens(n) {
  return say("tokens", { n });
}
