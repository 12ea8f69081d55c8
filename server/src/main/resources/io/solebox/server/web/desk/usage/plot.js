// Tokens by day, drawn by uPlot, which is fetched when the first plot is shown.

import { html } from "../../lib/lit-html/lit-html.js";
import { ref } from "../../lib/lit-html/directives/ref.js";
import { short } from "../../base/format.js";
import { currentLanguage, say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { COLOURS, HEIGHT, axis, colour, fit, library } from "../parts/uplot.js";

/** @typedef {import("./sums.js").Daily} Daily */

/** Bars stand on those of the models before. @param {number[][]} values */
function stacked(values) {
  const base = values[0]?.map(() => 0) ?? [];
  return values.map((row) => row.map((value, at) => { base[at] = (base[at] ?? 0) + value; return base[at] ?? 0; }));
}

/** @param {HTMLElement} element @param {Daily} data */
async function show(element, { days, series }) {
  const UPlot = await library();
  if (!element.isConnected) return;
  const times = days.map((day) => Date.parse(`${day}T00:00:00`) / 1000);
  const stack = stacked(series.map((each) => each.values)).reverse();
  const look = axis();
  const day = new Intl.DateTimeFormat(currentLanguage(), { day: "numeric", month: "short" });
  element.replaceChildren();
  const made = new UPlot({
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { range: (/** @type {any} */ _, /** @type {number} */ min, /** @type {number} */ max) => [min - 43200, max + 43200] }, y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ max) => [0, Math.max(10, max * 1.05)] } },
    axes: [
      { ...look, size: 30, grid: { show: false }, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => day.format(tick * 1000)), space: 70, incrs: [86400, 2 * 86400, 7 * 86400, 30 * 86400, 61 * 86400] },
      { ...look, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map(short), size: 56 },
    ],
    series: [{}, ...stack.map((_, at) => ({
      fill: colour(COLOURS[series.length - 1 - at] ?? "--series-4"),
      width: 0,
      points: { show: false },
      paths: UPlot.paths.bars({ size: [0.7, 40] }),
    }))],
  }, [times, ...stack], element);
  fit(made, element);
}

/** @type {{key: string, element: Element} | undefined} what is drawn already */
let drawn;

/** @param {Daily} data */
export function plot(data) {
  const key = JSON.stringify([data, currentLanguage(), document.documentElement.dataset.theme ?? ""]);
  /** @param {Element | undefined} element */
  const put = (element) => {
    if (!element || (drawn?.key === key && drawn.element === element)) return;
    drawn = { key, element };
    show(/** @type {HTMLElement} */ (element), data);
  };
  const names = data.series.map((each, at) => html`<span><svg class="key" aria-hidden="true"><rect class=${`fill-${at + 1}`}></rect></svg>${each.name || say("usage.others")}</span>`);
  return card("plot", say("usage.plot"), html`<div class="card-body"><div class="plot-place" role="img" aria-label=${say("usage.plot")} ${ref(put)}></div></div>`, html`<div class="legend">${names}</div>`);
}
