// What was measured for an hour, a day or a week: a line for each device, and where it was at its highest.

import { html } from "../../lib/lit-html/lit-html.js";
import { ref } from "../../lib/lit-html/directives/ref.js";
import { ask } from "../../base/api.js";
import { number } from "../../base/format.js";
import { currentLanguage, say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";
import { COLOURS, HEIGHT, axis, colour, fit, library } from "../parts/uplot.js";
import { columns } from "./readings.js";

/** @typedef {import("./readings.js").Series} Series */

/** What can be looked at, with its unit. */
const METRICS = /** @type {const} */ ([["core_celsius", "°C"], ["memory_celsius", "°C"], ["power_watts", "W"], ["busy_percent", "%"], ["sm_megahertz", "MHz"], ["celsius", "°C"], ["fan_rpm", "rpm"]]);
const HOURS = [1, 24, 168];
const LOOK_MS = 60_000;

/** @param {HTMLElement} element @param {Series[]} series @param {string} unit */
async function draw(element, series, unit) {
  const UPlot = await library();
  if (!element.isConnected) return;
  const look = axis();
  const time = new Intl.DateTimeFormat(currentLanguage(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  element.replaceChildren();
  const made = new UPlot({
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...look, size: 30, grid: { show: false }, space: 120, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => time.format(tick * 1000)) },
      { ...look, size: 64, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => `${number(tick)} ${unit}`) },
    ],
    series: [{}, ...series.map((_, at) => ({ stroke: colour(COLOURS[at] ?? "--series-4"), width: 1.5, points: { show: false }, spanGaps: false }))],
  }, columns(series), element);
  fit(made, element);
}

/** @param {import("../main.js").Place} place */
export function past(place) {
  let metric = /** @type {(typeof METRICS)[number]} */ (METRICS[0]);
  let hours = 24;
  /** @type {{of: Series[], element: Element, look: string} | undefined} */
  let drawn;
  const kept = loads(async () => /** @type {Series[]} */ ((await ask("GET", `/v1/hardware/history?${new URLSearchParams({ metric: metric[0], hours: String(hours) })}`)).data), place.redraw);
  kept.load();
  const timer = setInterval(() => { if (!document.hidden) kept.load(); }, LOOK_MS);

  /** @param {Series[]} all */
  function plot(all) {
    const series = all.slice(0, COLOURS.length);
    const look = `${currentLanguage()} ${document.documentElement.dataset.theme ?? ""}`;
    /** @param {Element | undefined} element */
    const put = (element) => {
      if (!element || (drawn?.of === all && drawn.element === element && drawn.look === look)) return;
      drawn = { of: all, element, look };
      draw(/** @type {HTMLElement} */ (element), series, metric[1]).catch(place.complain);
    };
    return html`<div class="card-body"><div class="legend">${series.map((each, at) => html`<span><svg class="key" aria-hidden="true"><rect class=${`fill-${at + 1}`}></rect></svg>${each.name}:
      ${say("hardware.most", { n: number(Math.max(...each.points.map((point) => point[2]))) })} ${metric[1]}</span>`)}${all.length > series.length ? html`<span>${say("hardware.more", { n: all.length - series.length })}</span>` : ""}</div>
      <div class="plot-place" role="img" aria-label=${say("hardware.past.of", { what: say(`hardware.${metric[0]}`) })} ${ref(put)}></div></div>`;
  }

  /** @param {Event} event */
  const chosen = (event) => /** @type {HTMLSelectElement} */ (event.target).value;
  const choices = () => html`<label class="sr-only" for="past-metric">${say("hardware.what")}</label><select class="select" id="past-metric" @change=${(/** @type {Event} */ event) => { metric = METRICS.find(([name]) => name === chosen(event)) ?? metric; kept.load(); }}>
    ${METRICS.map((each) => html`<option value=${each[0]} ?selected=${each === metric}>${say(`hardware.past.${each[0]}`)}</option>`)}</select>
    <label class="sr-only" for="past-hours">${say("hardware.since")}</label><select class="select" id="past-hours" @change=${(/** @type {Event} */ event) => { hours = Number(chosen(event)); kept.load(); }}>
    ${HOURS.map((each) => html`<option value=${each} ?selected=${each === hours}>${say(`hardware.hours.${each}`)}</option>`)}</select>`;

  return {
    stop: () => clearInterval(timer),
    view: () => card("past", say("hardware.past"), kept.view(plot, { is: (all) => !all.length, view: () => nothingThere(say("hardware.past.none")) }), choices()),
  };
}
