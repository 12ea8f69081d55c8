// A smaller model of one that is here.

import { html } from "../../lib/lit-html/lit-html.js";
import { dialog } from "../../base/dialog.js";
import { say } from "../../base/words.js";
import { field, select } from "../parts/forms.js";

const FORMATS = ["Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_K_S", "Q3_K_M", "Q2_K"];
const USUAL = "Q4_K_M";

/** @param {string} name @param {string} format */
const named = (name, format) => `${name.split(":")[0]}:${format.toLowerCase()}`;

/** What a model was published in. Of fewer bits no others are made: what is lost already would be lost twice. */
const FULL = ["F32", "F16", "BF16"];

/**
 * @param {import("./models.js").Model} model
 * @returns {Promise<{name: string, format: string} | undefined>}
 */
export function askQuantize(model) {
  if (!FULL.includes(model.format ?? "")) {
    return dialog(say("quantize.title", { name: model.name }), (close) => html`<p>${say("quantize.already", { format: model.format ?? "" })}</p>
      <div class="dialog-actions"><button class="btn btn-primary" @click=${() => close()}>${say("close")}</button></div>`);
  }
  let format = USUAL;
  return dialog(say("quantize.title", { name: model.name }), (close, redraw) => {
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      const fields = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      close({ name: String(fields.get("name")).trim(), format });
    };
    return html`<form class="stack" @submit=${submit}><p class="soft">${say("quantize.about")}</p>
      ${field("format", say("quantize.format"), select("format", "format", FORMATS.map((each) => [each, each]), format, (value) => { format = value; redraw(); }))}
      ${field("quantize-name", say("name"), html`<input class="input" id="quantize-name" name="name" .value=${named(model.name, format)} required spellcheck="false">`)}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button>
      <button class="btn btn-primary">${say("model.quantize")}</button></div></form>`;
  });
}
