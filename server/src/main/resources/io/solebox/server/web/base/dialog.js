// Dialogs: only for what cannot come back, and for small forms.

import { html, render } from "../lib/lit-html/lit-html.js";
import { say } from "./words.js";

/**
 * @typedef {import("../lib/lit-html/lit-html.js").TemplateResult} View
 */

/**
 * Opens a dialog; its answer is what `close` is called with, or undefined for Escape and Cancel.
 * @template T
 * @param {string} title
 * @param {(close: (value?: T) => void, redraw: () => void) => View} body
 * @param {{kind?: string}} [how] `kind`: a class beside `dialog`
 * @returns {Promise<T | undefined>}
 */
export function dialog(title, body, how = {}) {
  const element = document.createElement("dialog");
  element.className = `dialog ${how.kind ?? ""}`.trim();
  element.setAttribute("aria-label", title);
  document.body.append(element);
  return new Promise((resolve) => {
    /** @param {T} [value] */
    const close = (value) => {
      if (!element.isConnected) return;
      element.remove();
      resolve(value);
    };
    const redraw = () => render(html`<h2>${title}</h2>${body(close, redraw)}`, element);
    element.addEventListener("close", () => close());
    // A press on the ground behind it closes it; one inside that slides out does not.
    element.addEventListener("mousedown", (event) => { if (event.target === element) element.close(); });
    redraw();
    element.showModal();
  });
}

/**
 * Asks for a word or more.
 * @param {string} title
 * @param {{value?: string, label?: string, action?: string, rows?: number}} [how]
 * @returns {Promise<string | undefined>}
 */
export function askText(title, how = {}) {
  return dialog(title, (close) => {
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.currentTarget);
      close(String(new FormData(form).get("text")));
    };
    const label = how.label ?? title;
    return html`<form class="stack" @submit=${submit}>
      ${how.rows
        ? html`<textarea class="textarea" name="text" rows=${how.rows} aria-label=${label} .value=${how.value ?? ""} autofocus></textarea>`
        : html`<input class="input" name="text" aria-label=${label} .value=${how.value ?? ""} autocomplete="off" autofocus>`}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button>
      <button class="btn btn-primary">${how.action ?? say("save")}</button></div></form>`;
  });
}

/**
 * For what cannot come back: the action is possible once the word has been typed.
 * @param {string} title
 * @param {{text: string, word: string, action: string}} how
 * @returns {Promise<boolean>}
 */
export async function askTyped(title, how) {
  const done = await dialog(title, (/** @type {(value?: boolean) => void} */ close, redraw) => {
    const typed = () => /** @type {HTMLInputElement | null} */ (document.getElementById("typed"))?.value === how.word;
    return html`<form class="stack" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); if (typed()) close(true); }}>
      <p class="soft">${how.text}</p>
      <div class="field"><label for="typed">${say("typed.label", { word: how.word })}</label>
        <input class="input" id="typed" autocomplete="off" autofocus @input=${redraw}></div>
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button>
      <button class="btn btn-danger" ?disabled=${!typed()}>${how.action}</button></div></form>`;
  });
  return done === true;
}
