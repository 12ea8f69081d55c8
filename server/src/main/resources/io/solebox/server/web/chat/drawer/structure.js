// Holding answers to a JSON schema.

import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { redraw } from "../state.js";
import { options, setOption } from "./sampling.js";

let wrong = "";

/** @param {Event} event */
function changed(event) {
  const text = /** @type {HTMLTextAreaElement} */ (event.target).value.trim();
  wrong = "";
  if (!text) {
    setOption("response_format");
    return;
  }
  try {
    const schema = JSON.parse(text);
    setOption("response_format", { type: "json_schema", json_schema: { name: "answer", schema } });
  } catch (error) {
    wrong = say("structure.wrong", { why: error instanceof Error ? error.message : "" });
    redraw();
  }
}

export function structure() {
  const format = /** @type {any} */ (options().response_format);
  const text = format?.json_schema?.schema ? JSON.stringify(format.json_schema.schema, null, 2) : "";
  return html`<details class="field" ?open=${Boolean(text)}><summary class="label">${say("structure")}</summary>
    <textarea class="textarea mono" rows="6" spellcheck="false" aria-label=${say("structure")} placeholder=${'{"type": "object", …}'} .defaultValue=${text} @change=${changed}></textarea>
    <p class=${wrong ? "hint bad" : "hint"} role="status">${wrong || say("structure.hint")}</p></details>`;
}
