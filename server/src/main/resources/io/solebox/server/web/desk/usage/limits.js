// Each limit of one's own, and what is left of it.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { duration, number } from "../../base/format.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";

/** @typedef {{limit: string, whose: string, most: number, left: number, full_in_seconds: number}} Limit */

const NEARLY = 0.9;

/** @param {Limit[]} limits */
export function limitBars(limits) {
  if (!limits.length) return "";
  return card("limits", say("usage.limits"), html`<div class="card-body"><ul class="people limits">${limits.map((limit) => {
    const used = Math.min(1, Math.max(0, (limit.most - limit.left) / limit.most));
    return html`<li><span>${say(`bound.${limit.limit}`)} <span class="small faint">${say(`whose.${limit.whose}`)}</span></span>
      <svg class="bar" role="img" aria-label=${say("percent", { n: Math.round(100 * used) })}>${svg`<rect class=${used >= NEARLY ? "fill-warn" : "fill-1"} width=${`${100 * used}%`}></rect>`}</svg>
      <span class="small num right-text soft">${say("usage.left", { left: number(Math.max(0, limit.left)), most: number(limit.most) })}${used > 0 ? ` · ${say("usage.full", { time: duration(limit.full_in_seconds * 1000) })}` : ""}</span></li>`;
  })}</ul></div>`);
}
