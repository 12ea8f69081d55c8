// A new collection, and what one is called.

import { Refusal } from "../base/api.js";
import { dialog } from "../base/dialog.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { icon } from "../base/icons.js";
import { go } from "../chat/routes.js";
import { addressOf, changeCollection, makeCollection } from "./collections.js";
import { USUAL, embeddingModels, hasUsual } from "./embedding.js";

/** @typedef {import("../chat/state.js").Collection} Collection */

/**
 * Asks for what a collection is called; what the server refuses stands in the dialog, with what was written.
 * @template T
 * @param {string} title
 * @param {Partial<Collection>} now
 * @param {(fields: {name: string, description: string, model: string}) => Promise<T>} work
 * @param {boolean} withModel
 * @returns {Promise<T | undefined>}
 */
function form(title, now, work, withModel) {
  /** @type {Refusal | undefined} */
  let refused;
  let busy = false;
  return dialog(title, (/** @type {(value?: T) => void} */ close, redraw) => {
    /** @param {SubmitEvent} event */
    const submit = async (event) => {
      event.preventDefault();
      if (busy) return;
      const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      busy = true;
      redraw();
      try {
        close(await work({ name: String(data.get("name")).trim(), description: String(data.get("description")).trim(), model: String(data.get("model") ?? "") }));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused = error;
      }
      busy = false;
      redraw();
    };
    return html`<form class="stack" @submit=${submit}>
      <div class="field"><label for="know-name">${say("know.name")}</label><input class="input" id="know-name" name="name" required maxlength="256" autocomplete="off" .defaultValue=${now.name ?? ""} autofocus></div>
      <div class="field"><label for="know-about">${say("know.about")}</label><textarea class="textarea" id="know-about" name="description" rows="2" .defaultValue=${now.description ?? ""}></textarea></div>
      ${withModel ? models() : ""}
      ${refused ? html`<p class="hint bad" role="alert">${[refused.message, refused.remedy].filter(Boolean).join(" ")}</p>` : ""}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button><button class="btn btn-primary" ?disabled=${busy}>${say("save")}</button></div></form>`;
  });
}

const models = () => html`<div class="field"><label for="know-model">${say("know.model")}</label><span class="know-select"><select class="select" id="know-model" name="model">
  <option value="">${hasUsual() ? say("know.model.usual", { model: USUAL }) : say("know.model.only")}</option>${embeddingModels().map((one) => html`<option>${one}</option>`)}</select>${icon("chevron-down")}</span>
  <p class="hint">${say("know.model.hint")}</p></div>`;

/** Makes one and shows it. */
export async function make() {
  embeddingModels();
  const made = await form(say("know.new"), {}, ({ name, description, model }) => makeCollection({ name, description, ...(model ? { embedding_model: model } : {}) }), true);
  if (made) await go(addressOf(made.id));
}

/** @param {Collection} one */
export const describe = (one) => form(say("know.describe"), one, ({ name, description }) => changeCollection(one.id, { name, description }), false);
