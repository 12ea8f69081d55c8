// What a search has found.

import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { search } from "./search.js";

/** @typedef {import("./search.js").Search} Search */

export function results() {
  const { hits, waiting, failed, more } = search.get();
  return html`<nav class="history" aria-label=${say("search.results")} aria-busy=${waiting}>
    ${failed ? html`<p class="empty">${failed}</p>` : !hits.length && !waiting ? html`<p class="empty">${say("search.nothing")}</p>` : ""}
    <ul>${hits.map((hit) => html`<li><a class="history-item hit" href=${`/c/${hit.chat.id}`} data-message=${hit.message ?? ""}>
      <span class="cut">${hit.message ? hit.chat.title : marked(hit.snippet, hit.ranges)}</span>
      ${hit.message ? html`<span class="small faint hit-text">${marked(hit.snippet, hit.ranges)}</span>` : ""}</a></li>`)}</ul>
    ${more ? html`<p class="hint hit-more">${say("search.more")}</p>` : ""}${partly(search.get())}</nav>`;
}

/** A text with what was found in it marked. @param {string} text @param {[number, number][]} ranges */
export function marked(text, ranges) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from < at) continue;
    parts.push(text.slice(at, from), html`<mark>${text.slice(from, to)}</mark>`);
    at = to;
  }
  parts.push(text.slice(at));
  return parts;
}

/** Says of which part of the chats the results are, while that is not all of them, and what is damaged in it. @param {Search} search */
export const partly = ({ indexed, damaged }) => html`${indexed < 1 ? html`<p class="hint hit-more">${say("search.partly", { n: Math.floor(100 * indexed) })}
  <svg class="bar bar-thin" aria-hidden="true"><rect class="fill-2" width=${`${100 * indexed}%`}></rect></svg></p>` : ""}
  ${damaged ? html`<p class="hint hit-more">${say("search.damaged", { n: damaged })}</p>` : ""}`;
