// How full the context is, and before sending whether what was written still fits.

import { number, short } from "../../base/format.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";

/**
 * @param {number} used
 * @param {number | undefined} size
 */
export function gauge(used, size) {
  if (!size) return used ? html`<span class="context"><span>${short(used)}</span></span>` : "";
  const share = Math.min(100, (100 * used) / size);
  const words = say("context.used", { used: number(used), size: number(size) });
  const over = used >= size;
  return html`<span class=${over ? "context context-over" : "context"} title=${words}>
    <svg class="ring" viewBox="0 0 20 20" role="img" aria-label=${words}><circle class="rail" cx="10" cy="10" r="7.5" pathLength="100"></circle>
    <circle class="set" cx="10" cy="10" r="7.5" pathLength="100" stroke-dasharray=${`${share} 100`}></circle></svg>
    <span>${short(used)} / ${short(size)}</span></span>`;
}
