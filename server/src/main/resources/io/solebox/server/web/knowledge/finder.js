// Looking for passages in a collection: what an answer would be given for the same words.

import { Refusal, ask } from "../base/api.js";
import { number } from "../base/format.js";
import { icon } from "../base/icons.js";
import { composing } from "../base/keys.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { redraw, state } from "../chat/state.js";
import { placeOf } from "./parts.js";

/** @typedef {import("../chat/state.js").Source} Source */

/** How many passages are shown. */
const MOST = 10;
/** How long until the server is asked, after the last key, in milliseconds. */
const PAUSE = 300;

/** @type {{id: string, words: string, found: Source[] | undefined, failed: Refusal | undefined, waiting: boolean}} */
const now = { id: "", words: "", found: undefined, failed: undefined, waiting: false };
/** @type {AbortController | undefined} */
let asking;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** @param {any} hit @param {string} id @param {number} at @returns {Source} */
const sourceOf = (hit, id, at) => ({
  n: at + 1, vector_store_id: id, file_id: hit.file_id, filename: hit.filename, score: hit.score, ...hit.chunk,
  text: hit.content.map((/** @type {{text: string}} */ part) => part.text).join("\n"),
});

/** @param {string} words @param {number} [pause] */
function find(words, pause = PAUSE) {
  asking?.abort();
  clearTimeout(soon);
  Object.assign(now, { words, waiting: Boolean(words.trim()) });
  if (words.trim()) soon = setTimeout(() => look(words), pause);
  else Object.assign(now, { found: undefined, failed: undefined });
  redraw();
}

/** @param {string} words */
async function look(words) {
  asking = new AbortController();
  const { signal } = asking;
  const { id } = now;
  try {
    const said = await ask("POST", `/v1/vector_stores/${id}/search`, { query: words.trim(), max_num_results: MOST }, { signal });
    if (!signal.aborted) Object.assign(now, { found: said.data.map((/** @type {any} */ hit, /** @type {number} */ at) => sourceOf(hit, id, at)), failed: undefined, waiting: false });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refusal)) throw error;
    Object.assign(now, { found: undefined, failed: error, waiting: false });
  }
  redraw();
}

/** @param {string} id of the collection */
export function finder(id) {
  if (now.id !== id) {
    asking?.abort();
    clearTimeout(soon);
    Object.assign(now, { id, words: "", found: undefined, failed: undefined, waiting: false });
  }
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (composing(event) || event.key !== "Enter") return;
    event.preventDefault();
    find(/** @type {HTMLInputElement} */ (event.target).value, 0);
  };
  return html`<section class="stack" aria-label=${say("know.find")}><div class="search">${icon("search")}<label class="sr-only" for="know-find">${say("know.find")}</label>
    <input class="input" id="know-find" type="search" autocomplete="off" placeholder=${say("know.find")} .value=${now.words} @keydown=${key}
      @input=${(/** @type {Event} */ event) => find(/** @type {HTMLInputElement} */ (event.target).value)}></div>${results()}</section>`;
}

function results() {
  const { found, failed, waiting } = now;
  if (failed) return html`<p class="hint bad" role="alert">${[failed.message, failed.remedy].filter(Boolean).join(" ")}</p>`;
  if (!found) return waiting ? html`<div class="stack late" aria-busy="true"><span class="skeleton skeleton-90"></span><span class="skeleton skeleton-70"></span></div>` : "";
  if (!found.length) return html`<p class="empty" role="status">${say("search.nothing")}</p>`;
  return html`<ol class="stack-8" aria-label=${say("search.results")} aria-busy=${waiting}>${found.map((hit, at) => html`<li>${passage(hit, () => state.set({ source: { list: found, at } }))}</li>`)}</ol>`;
}

/** A passage with where it stands; a click shows it there. @param {Source} source @param {() => void} open */
export const passage = (source, open) => html`<div class="source"><header>${icon("file-text")}<button class="cut know-open" @click=${open}>${source.n === undefined ? "" : `${source.n}. `}${source.filename}</button>
  <span class="faint num cut">${placeOf(source)}</span><span class="grow"></span>${source.score === undefined ? "" : html`<span class="faint num" title=${say("know.score")}>${number(source.score, 2)}</span>`}</header>
  <blockquote class="as-written" dir="auto">${source.text}</blockquote></div>`;
