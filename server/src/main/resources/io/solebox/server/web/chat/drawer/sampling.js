// How an answer is drawn: each setting with the server's default, and a mark where it differs.

import { number } from "../../base/format.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { chosenModel, contextOf } from "../composer/count.js";
import { useDefaults } from "../preferred.js";
import { changeSettings } from "../settings.js";
import { state } from "../state.js";

/**
 * @typedef {{name: string, min: number, max: number, step: number, usual: number, off?: number}} Dial
 *   `usual`: what holds where nothing is said; `off`: the value that is shown as off
 */

/** @returns {Dial[]} */
function dials() {
  const temperature = chosenModel()?.solebox.temperature;
  return [
    { name: "temperature", min: 0, max: 2, step: 0.05, usual: typeof temperature === "number" ? temperature : 1 },
    { name: "top_p", min: 0, max: 1, step: 0.01, usual: 1, off: 1 },
    { name: "top_k", min: 0, max: 200, step: 1, usual: 0, off: 0 },
    { name: "min_p", min: 0, max: 1, step: 0.01, usual: 0, off: 0 },
    { name: "repetition_penalty", min: 1, max: 2, step: 0.01, usual: 1, off: 1 },
    { name: "presence_penalty", min: -2, max: 2, step: 0.05, usual: 0, off: 0 },
    { name: "frequency_penalty", min: -2, max: 2, step: 0.05, usual: 0, off: 0 },
  ];
}

/** @returns {import("../state.js").Options} */
export const options = () => state.get().settings.options ?? {};

/** Sets an option, or leaves it to the server. @param {string} name @param {unknown} [value] */
export function setOption(name, value) {
  const next = { ...options() };
  if (value === undefined || value === "") delete next[name];
  else next[name] = value;
  changeSettings({ options: next });
}

export const sampling = () => html`<div class="stack">${dials().map(dial)}${maxTokens()}${contextLength()}</div>`;

/** @param {Dial} of */
function dial(of) {
  const value = options()[of.name];
  const changed = typeof value === "number" && value !== of.usual;
  const shown = changed ? /** @type {number} */ (value) : of.usual;
  const digits = of.step < 1 ? 2 : 0;
  /** @param {number} at */
  const place = (at) => `${(100 * (Math.min(Math.max(at, of.min), of.max) - of.min)) / (of.max - of.min)}%`;
  const word = say(`option.${of.name}`);
  /** @param {Event} event */
  const input = (event) => {
    const to = Number(/** @type {HTMLInputElement} */ (event.target).value);
    setOption(of.name, to === of.usual ? undefined : to);
  };
  return html`<div class=${changed ? "setting is-changed" : "setting"}><label for=${of.name}>${word}</label><span class="row value">
    ${changed ? html`<button class="reset" type="button" @click=${() => setOption(of.name)}>${say("option.reset", { value: number(of.usual, digits) })}</button>` : html`<span class="hint">${say("option.usual")}</span>`}
    <output for=${of.name}>${shown === of.off ? say("option.off") : number(shown, digits)}</output></span>
    <div class="slider"><svg aria-hidden="true"><line class="rail" x1="0" x2="100%" y1="10" y2="10"></line><line class="set" x1="0" x2=${place(shown)} y1="10" y2="10"></line>
      ${changed ? html`<svg x=${place(of.usual)} class="tick-place"><line class="tick" y1="3" y2="17"></line></svg>` : ""}</svg>
      <input id=${of.name} type="range" min=${of.min} max=${of.max} step=${of.step} .value=${String(shown)} @input=${input}></div></div>`;
}

/** Of this chat; the model may have more. */
function contextLength() {
  const model = chosenModel();
  const size = model?.solebox.context_tokens ?? state.get().prospects.get(model?.id ?? "")?.context_tokens;
  const words = typeof size === "number" ? number(size) : "";
  return wholeNumber("context_tokens", words ? say("option.context_tokens.rest", { size: words }) : say("option.usual"), words || undefined);
}

const begins = () => state.get().defaults.options ?? {};

/** What new chats begin with, where that is another than this chat has. */
export function defaults() {
  const same = JSON.stringify(Object.entries(options()).sort()) === JSON.stringify(Object.entries(begins()).sort());
  if (same) return "";
  const take = () => {
    const before = begins();
    useDefaults(options());
    toast(say("option.defaults.kept"), { undo: () => useDefaults(before) });
  };
  return html`<div class="row"><button class="btn btn-small" type="button" @click=${take}>${say("option.defaults")}</button></div>`;
}

function maxTokens() {
  const size = contextOf();
  return wholeNumber("max_tokens", size ? say("option.max_tokens.rest", { size: number(size) }) : say("option.usual"));
}

/** @param {string} name @param {string} hint @param {string} [usual] what holds where nothing is said */
export function wholeNumber(name, hint, usual = say("option.usual")) {
  const value = options()[name];
  const changed = typeof value === "number";
  /** @param {Event} event */
  const input = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (!field.reportValidity()) return;
    const text = field.value.trim();
    setOption(name, text === "" ? undefined : Number(text));
  };
  return html`<div class=${changed ? "field is-changed" : "field"}><label for=${name}>${say(`option.${name}`)}</label>
    <input class="input num" id=${name} inputmode="numeric" pattern="\\s*\\d*\\s*" .value=${changed ? String(value) : ""} placeholder=${usual} @change=${input}><p class="hint">${hint}</p></div>`;
}
