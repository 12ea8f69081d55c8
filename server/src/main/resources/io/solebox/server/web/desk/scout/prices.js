// How asking prices of a card went: the middle of each day, and the band in which eight of ten lie.

import { html } from "../../lib/lit-html/lit-html.js";
import { ref } from "../../lib/lit-html/directives/ref.js";
import { ask } from "../../base/api.js";
import { number } from "../../base/format.js";
import { currentLanguage, say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";
import { HEIGHT, axis, colour, fit, library } from "../parts/uplot.js";
import { amount } from "./values.js";

/**
 * @typedef {{day: string, seen: number, low: number, median: number, high: number}} Day
 * @typedef {{card: string, currency: string, currencies: string[], data: Day[]}} History
 */

const DAYS = [30, 90, 365];

/** @param {HTMLElement} element @param {History} history */
async function draw(element, { currency, data }) {
  const UPlot = await library();
  if (!element.isConnected) return;
  const look = axis();
  const language = currentLanguage();
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const line = { width: 1.75, stroke: colour("--series-1"), points: { show: true, size: 5, fill: colour("--series-1") } };
  const edge = { width: 1, stroke: colour("--line-strong"), points: { show: false } };
  element.replaceChildren();
  const made = new UPlot({
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    bands: [{ series: [3, 1], fill: colour("--press") }],
    axes: [
      { ...look, size: 30, grid: { show: false }, space: 70, incrs: [86400, 2 * 86400, 7 * 86400, 30 * 86400, 61 * 86400], values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => day.format(tick * 1000)) },
      { ...look, size: 84, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => `${number(tick)} ${currency}`) },
    ],
    series: [{}, edge, line, edge],
  }, [data.map((each) => Date.parse(`${each.day}T00:00:00`) / 1000), data.map((each) => each.low), data.map((each) => each.median), data.map((each) => each.high)], element);
  fit(made, element);
}

/** @param {import("../main.js").Place} place */
export function prices(place) {
  let name = "";
  let currency = "";
  let days = 90;
  /** @type {{of: History, element: Element, look: string} | undefined} */
  let drawn;
  const kept = loads(async () => /** @type {History} */ (await ask("GET", `/admin/scout/history?${new URLSearchParams({ card: name, days: String(days), ...(currency ? { currency } : {}) })}`)), place.redraw);

  /** @param {History} history */
  function plot(history) {
    const look = `${currentLanguage()} ${document.documentElement.dataset.theme ?? ""}`;
    /** @param {Element | undefined} element */
    const put = (element) => {
      if (!element || (drawn?.of === history && drawn.element === element && drawn.look === look)) return;
      drawn = { of: history, element, look };
      draw(/** @type {HTMLElement} */ (element), history).catch(place.complain);
    };
    const last = /** @type {Day} */ (history.data.at(-1));
    const money = (/** @type {number} */ value) => amount({ amount: String(value), currency: history.currency });
    const seen = history.data.reduce((sum, each) => sum + each.seen, 0);
    return html`<div class="card-body"><div class="legend"><span><svg class="key" aria-hidden="true"><rect class="fill-1"></rect></svg>${say("scout.median", { price: money(last.median) })}</span>
      <span>${say("scout.band", { low: money(last.low), high: money(last.high) })}</span><span>${say("scout.seen", { n: seen })}</span></div>
      <div class="plot-place" role="img" aria-label=${say("scout.prices.of", { name: history.card })} ${ref(put)}></div></div>`;
  }

  /** @param {Event} event */
  const chosen = (event) => /** @type {HTMLSelectElement} */ (event.target).value;
  /** @param {string} id @param {string} label @param {[string, string][]} options @param {string} now @param {(value: string) => void} set */
  const choice = (id, label, options, now, set) => html`<label class="sr-only" for=${id}>${label}</label><select class="select" id=${id} @change=${(/** @type {Event} */ event) => { set(chosen(event)); kept.load(); }}>
    ${options.map(([value, word]) => html`<option value=${value} ?selected=${value === now}>${word}</option>`)}</select>`;

  return {
    /** Shows a card's. @param {string} card */
    open(card) {
      name = card;
      currency = "";
      kept.load();
      document.getElementById("card-scout-prices")?.scrollIntoView({ block: "nearest" });
    },
    /** @param {import("./values.js").Choice[]} cards */
    view(cards) {
      if (!name && cards.length) {
        name = [...cards].sort((a, b) => b.things - a.things)[0]?.name ?? "";
        kept.load();
      }
      const names = [...new Set([...cards.map((each) => each.name), name])].filter(Boolean);
      const currencies = kept.data()?.currencies ?? [];
      return card("scout-prices", say("scout.prices"), name ? kept.view(plot, { is: (history) => !history.data.length, view: () => nothingThere(say("scout.prices.none", { name })) }) : nothingThere(say("scout.prices.empty")),
        names.length ? html`${choice("scout-prices-card", say("scout.card"), names.map((each) => [each, each]), name, (value) => { name = value; currency = ""; })}
          ${currencies.length > 1 ? choice("scout-prices-currency", say("scout.currency"), currencies.map((each) => [each, each]), kept.data()?.currency ?? "", (value) => { currency = value; }) : ""}
          ${choice("scout-prices-days", say("scout.days"), DAYS.map((each) => [String(each), say("scout.days.n", { n: each })]), String(days), (value) => { days = Number(value); })}` : "", "card-choices");
    },
  };
}
