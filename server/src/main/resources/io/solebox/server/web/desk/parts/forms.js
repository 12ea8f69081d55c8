// Forms and buttons that do something at the server: once at a time, and what goes wrong stands beside them.

import { html } from "../../lib/lit-html/lit-html.js";
import { icon } from "../../base/icons.js";
import { problem } from "./loads.js";

/**
 * @typedef {{
 *   busy: () => boolean,
 *   fail: (error: unknown) => void,
 *   submit: (event: SubmitEvent) => Promise<void>,
 *   trouble: () => unknown,
 * }} Form
 */

/**
 * A form whose work is done without leaving the page.
 * @param {() => void} redraw
 * @param {(fields: FormData, element: HTMLFormElement, does: string) => unknown} work `does`: the value of the button
 * @returns {Form}
 */
export function former(redraw, work) {
  let busy = false;
  /** @type {unknown} */
  let error;
  return {
    busy: () => busy,
    fail(problem) {
      error = problem;
      redraw();
    },
    async submit(event) {
      event.preventDefault();
      if (busy) return;
      const element = /** @type {HTMLFormElement} */ (event.currentTarget);
      const does = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
      busy = true;
      error = undefined;
      const fields = new FormData(element);
      redraw();
      try {
        await work(fields, element, does);
      } catch (problem) {
        if (!leftOff(problem)) error = problem;
      }
      busy = false;
      redraw();
    },
    trouble: () => (error ? problem(error) : ""),
  };
}

/** Who closes the browser's own window for passkeys has done nothing wrong. @param {unknown} error */
export const leftOff = (error) =>
  error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

/**
 * What a button does, once at a time.
 * @param {(error: unknown) => void} complain
 * @param {() => unknown} work
 */
export function press(complain, work) {
  return async (/** @type {Event} */ event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    if (button.disabled) return;
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      if (!leftOff(error)) complain(error);
    } finally {
      button.disabled = false;
    }
  };
}

/** @param {FormData} fields @param {string} name */
export const text = (fields, name) => String(fields.get(name) ?? "");

/**
 * A labelled field.
 * @param {string} id
 * @param {string} label
 * @param {unknown} control
 * @param {unknown} [hint]
 */
export const field = (id, label, control, hint = "") =>
  html`<div class="field"><label for=${id}>${label}</label>${control}${hint ? html`<p class="hint" id=${`${id}-hint`}>${hint}</p>` : ""}</div>`;

/**
 * A choice of few.
 * @param {string} id
 * @param {string} name
 * @param {[string, string][]} options value and words
 * @param {string} chosen
 * @param {(value: string) => void} [changed]
 */
export const select = (id, name, options, chosen, changed) => html`<span class="select-wrap"><select class="select" id=${id} name=${name}
  @change=${(/** @type {Event} */ event) => changed?.(/** @type {HTMLSelectElement} */ (event.target).value)}>
  ${options.map(([value, label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`)}</select>${icon("chevron-down")}</span>`;
