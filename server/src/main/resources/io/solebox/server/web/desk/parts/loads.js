// What is asked for from the server, in its four states: loading, empty, wrong, there.

import { html } from "../../lib/lit-html/lit-html.js";
import { Refusal } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";

/** @typedef {import("../../lib/lit-html/lit-html.js").TemplateResult} View */

/** How long nothing is shown: most answers are there before. */
const PATIENCE_MS = 200;

/**
 * @template T
 * @typedef {{
 *   data: () => T | undefined,
 *   load: () => Promise<void>,
 *   view: (full: (data: T) => unknown, empty?: {is: (data: T) => boolean, view: (data: T) => unknown}) => unknown,
 * }} Loads
 */

/**
 * @template T
 * @param {() => Promise<T>} fetch
 * @param {() => void} redraw
 * @returns {Loads<T>}
 */
export function loads(fetch, redraw) {
  /** @type {T | undefined} */
  let data;
  /** @type {unknown} */
  let error;
  let slow = false;
  let last = 0;

  async function load() {
    const turn = ++last;
    const timer = setTimeout(() => { slow = true; redraw(); }, PATIENCE_MS);
    try {
      const got = await fetch();
      if (turn !== last) return;
      data = got;
      error = undefined;
    } catch (problem) {
      if (turn === last) error = problem;
    } finally {
      clearTimeout(timer);
      if (turn === last) {
        slow = false;
        redraw();
      }
    }
  }

  return {
    data: () => data,
    load,
    view(full, empty) {
      if (error) return problem(error, load);
      if (data === undefined) return slow ? skeleton() : "";
      return empty?.is(data) ? empty.view(data) : full(data);
    },
  };
}

export const skeleton = () => html`<div class="stack-8 waiting" aria-busy="true"><span class="sr-only">${say("loading")}</span>
  <span class="skeleton skeleton-40"></span><span class="skeleton skeleton-90"></span><span class="skeleton skeleton-70"></span></div>`;

/** Words for what went wrong. @param {unknown} error */
export function words(error) {
  if (error instanceof Refusal && error.status === 0) return say("error.unreachable.why");
  return error instanceof Error ? error.message : String(error);
}

/**
 * What went wrong, why, and what can be done.
 * @param {unknown} error
 * @param {(() => unknown) | undefined} [again]
 */
export function problem(error, again) {
  const title = error instanceof Refusal && error.status === 0 ? say("error.unreachable") : say("error.title");
  const remedy = error instanceof Refusal ? error.remedy : "";
  return html`<div class="notice" role="alert">${icon("triangle-alert")}<div><p><b>${title}</b></p>
    <p>${words(error)}</p>${remedy ? html`<p class="soft">${remedy}</p>` : ""}
    ${again ? html`<div class="row"><button type="button" class="btn btn-small" @click=${again}>${say("again")}</button></div>` : ""}</div></div>`;
}

/**
 * Nothing is there: one sentence, and what to do next.
 * @param {string} text
 * @param {unknown} [action]
 */
export const nothingThere = (text, action = "") => html`<div class="empty"><p>${text}</p>${action}</div>`;
