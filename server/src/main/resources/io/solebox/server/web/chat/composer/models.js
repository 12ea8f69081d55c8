// Which model answers: what is loaded, what would have to be, and what that costs.

import { ask } from "../../base/api.js";
import { bytes, number, speed } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { changeSettings } from "../chats.js";
import { state } from "../state.js";
import { chosenModel } from "./count.js";

/** @typedef {import("../state.js").Model} Model */

/** Reads the list again. */
export async function readModels() {
  const said = await ask("GET", "/v1/models");
  const models = said.data.filter((/** @type {Model} */ model) => model.solebox.chat !== false && !model.solebox.alias_of);
  state.set({ models, modelsFailed: "" });
  const { model } = state.get();
  if (!models.some((/** @type {Model} */ one) => one.id === model)) {
    const ready = models.find((/** @type {Model} */ one) => one.solebox.state === "ready") ?? models[0];
    state.set({ model: ready?.id ?? "" });
  }
}

/** @param {Model | undefined} model */
export function lamp(model) {
  switch (model?.solebox.state) {
    case "ready": return "lamp lamp-on";
    case "loading": return "lamp lamp-live";
    case "failing": return "lamp lamp-warn";
    case "failed": return "lamp lamp-bad";
    default: return "lamp";
  }
}

/** What stands faint behind a model's name. @param {Model} model */
export function note(model) {
  const about = model.solebox;
  switch (about.state) {
    case "loading": return say("model.loading", { n: Math.round(100 * (about.fraction ?? 0)) });
    case "failed": case "failing": return say("model.failed");
    default: {
      const expected = typeof about.tokens_per_second === "number" ? speed(about.tokens_per_second) : "";
      const size = typeof about.bytes === "number" ? bytes(about.bytes) : "";
      const millions = typeof about.parameters === "number" ? parameters(about.parameters) : "";
      return [about.format ?? "", size || millions, expected].filter(Boolean).join(" · ");
    }
  }
}

/** @param {number} count */
const parameters = (count) => (count >= 1e9 ? `${number(count / 1e9, 1)}B` : `${number(count / 1e6)}M`);

/** @param {HTMLElement} button */
async function open(button) {
  // What is loaded may have changed since.
  await readModels().catch(() => {});
  const { models } = state.get();
  const loaded = models.filter((model) => model.solebox.state !== "unloaded");
  const others = models.filter((model) => model.solebox.state === "unloaded");
  /** @param {Model} model */
  const entry = (model) => ({
    word: model.id,
    note: note(model),
    checked: model.id === chosenModel()?.id,
    run: () => choose(model.id),
  });
  openMenu(button, [
    ...(loaded.length ? [{ label: say("model.loaded") }] : []), ...loaded.map(entry),
    ...(others.length ? [{ label: say("model.others") }] : []), ...others.map(entry),
  ]);
}

/** @param {string} id */
export function choose(id) {
  state.set({ model: id });
  changeSettings({ model: id });
  try { localStorage.setItem("model", id); } catch { /* a private window */ }
}

export function modelButton() {
  const model = chosenModel();
  if (!model) return html`<span class="faint small">${state.get().modelsFailed || say("model.none")}</span>`;
  return html`<button class="btn btn-quiet model-button" type="button" aria-haspopup="menu" title=${say("model.choose", { model: model.id })}
    @click=${(/** @type {Event} */ event) => open(/** @type {HTMLElement} */ (event.currentTarget))}>
    <span class=${lamp(model)}></span><span class="cut">${model.id}</span><span class="faint wide-only">${model.solebox.format ?? ""}</span>${icon("chevron-down")}</button>`;
}
