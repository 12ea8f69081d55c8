// What the scout's answers hold, and how amounts and shares are written. Texts of strangers are texts: lit-html makes nothing else of them.

import { html } from "../../lib/lit-html/lit-html.js";
import { ago, moment } from "../../base/format.js";
import { currentLanguage } from "../../base/words.js";

/**
 * @typedef {{amount: string, currency: string}} Money
 * @typedef {{what: "item" | "seller" | "card" | "watch", of: string, kept_back: boolean, until?: number, title?: string}} Mute
 * @typedef {{id: string, market: string, site: string, title: string, page?: string, has_image: boolean, sale: "fixed" | "offer" | "auction" | "unpriced",
 *   bid?: Money, bids?: number, ends?: number, buy_now?: Money, price?: Money, shown_price?: Money, shipping: {kind: "costs" | "calculated" | "none" | "unknown", price?: Money},
 *   condition: string, country?: string, seller_key?: string, seller_score?: number, seller_percent?: number, first_seen: number, looked: number, listed?: number,
 *   watches: string[], card?: string, units?: number, card_reason?: string, per_unit?: Money, per_gigabyte?: Money, per_bandwidth?: Money,
 *   standing?: {score: number, median: Money, seen: number}, no_standing?: string, suspicions: {code: string, reason: string}[],
 *   outlook: {name: string, label: string, value: string, reason: string}[],
 *   happening?: string, happened?: number, told?: "yes" | "no" | "waiting", not_told?: string, mutes: Mute[]}} Thing
 * @typedef {{name: string, things: number}} Choice
 * @typedef {{market: string, site: string, words: string, watch: string, asked: number, due: number, failures: number, problem: string}} Source
 * @typedef {{name: string, state: "open" | "pausing" | "stopped", waiting: number, refused: {at: number, why: string}[], why?: string, remedy?: string, next?: number, accepted?: number}} Channel
 * @typedef {{state: "watching" | "quiet" | "absent" | "air_gap", why?: string, remedy?: string, looked_at?: number, total: number, has_more: boolean, data: Thing[],
 *   choices: {cards: Choice[], watches: Choice[], sites: Choice[], currencies: Choice[]}, sources: Source[],
 *   markets: {name: string, why: string, remedy: string}[], quota: {pool: string, used: number, allowed: number, left: number, resets: number}[], channels: Channel[], mutes: Mute[], cut?: number, damaged?: number}} Scout
 */

/** @param {Money | undefined} money */
export function amount(money) {
  if (!money) return "–";
  const value = Number(money.amount);
  const digits = value < 10 && value > 0 ? 2 : undefined;
  return new Intl.NumberFormat(currentLanguage(), { style: "currency", currency: money.currency, ...(digits ? { maximumFractionDigits: value < 1 ? 3 : digits } : {}) }).format(value);
}

/** A time as people say it, and exactly on a look. @param {number | undefined} seconds */
export const since = (seconds) => (seconds ? html`<time datetime=${new Date(seconds * 1000).toISOString()} title=${moment(seconds * 1000)}>${ago(seconds * 1000)}</time>` : "–");

/** Only of https: whatever a stranger has written there. @param {string | undefined} address */
export function safe(address) {
  const url = address ? URL.parse(address) : null;
  return url?.protocol === "https:" ? url.href : "";
}

/** How far what one costs is from what others ask, in percent. @param {Thing} thing */
export function apart({ standing, per_unit: unit }) {
  if (!standing || !unit || unit.currency !== standing.median.currency) return undefined;
  return Math.round((Number(unit.amount) / Number(standing.median.amount) - 1) * 100);
}
