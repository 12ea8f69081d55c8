// What several parts of knowledge show: what a collection holds, that something is awaited, that it went wrong.

import "./ready.js";
import { bytes, number } from "../base/format.js";
import { icon } from "../base/icons.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";

/** @typedef {import("../chat/state.js").Collection} Collection */
/** @typedef {import("../chat/state.js").Source} Source */

/** What it holds. @param {Collection} one */
export const figures = (one) => [
  say("know.documents", { n: one.file_counts.total }),
  one.chunks === undefined ? "" : say("know.passages", { n: one.chunks }),
  one.usage_bytes ? bytes(one.usage_bytes) : "",
  one.file_counts.failed ? say("know.failures", { n: one.file_counts.failed }) : "",
].filter(Boolean).join(" · ");

/** How many of its documents are done, while some are not. @param {Collection} one */
export function working(one) {
  const { in_progress: left, total } = one.file_counts;
  if (!left) return "";
  return html`<p class="small soft num">${say("know.working", { done: number(total - left), total: number(total) })}</p>
    <svg class="bar bar-thin" aria-hidden="true"><rect class="fill-2" width=${`${(100 * (total - left)) / total}%`}></rect></svg>`;
}

export const loading = () => html`<div class="stack late" aria-busy="true"><span class="sr-only">${say("loading")}</span>
  <span class="skeleton skeleton-70"></span><span class="skeleton skeleton-90"></span><span class="skeleton skeleton-40"></span></div>`;

/** @param {import("../base/api.js").Refusal} failed @param {(() => void) | undefined} [again] */
export const problem = (failed, again) => html`<div class="notice" role="alert">${icon("triangle-alert")}<div><h2>${failed.status === 0 ? say("error.unreachable") : say("error.title")}</h2>
  <p>${[failed.message, failed.remedy].filter(Boolean).join(" ")}</p>
  ${again ? html`<div class="row"><button class="btn btn-small" @click=${again}>${say("again")}</button></div>` : ""}</div></div>`;

/** Where a passage stands: its page, and the headings above it. @param {Pick<Source, "page" | "headings">} source */
export const placeOf = ({ page, headings }) => [page ? say("know.page", { n: page }) : "", (headings ?? []).join(" › ")].filter(Boolean).join(" · ");

/** A thin bar with its words for those who do not see it. @param {number} share from 0 to 1 */
export const bar = (share) => html`<svg class="bar bar-thin" role="img" aria-label=${say("progress.percent", { n: Math.round(100 * share) })}><rect class="fill-2" width=${`${100 * share}%`}></rect></svg>`;
