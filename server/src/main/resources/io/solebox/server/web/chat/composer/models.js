// Which model answers, of those that there are.

import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain } from "../chats.js";
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

/** @param {Event} event */
function open(event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  import("./modelmenu.js").then((part) => part.openModels(button)).catch(complain);
}

export function modelButton() {
  const model = chosenModel();
  if (!model) return html`<span class="faint small">${state.get().modelsFailed || say("model.none")}</span>`;
  return html`<button class="btn btn-quiet model-button" type="button" aria-haspopup="menu" title=${say("model.choose", { model: model.id })}
    @click=${open}>
    <span class=${lamp(model)}></span><span class="cut">${model.id}</span><span class="faint wide-only">${model.solebox.format ?? ""}</span>${icon("chevron-down")}</button>`;
}
