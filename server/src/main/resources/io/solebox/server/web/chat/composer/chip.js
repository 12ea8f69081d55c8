// An attached file: its name, its size, what it costs in tokens.

import { bytes, tokens } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";

/**
 * @param {import("../state.js").Attachment} file
 * @param {() => void} [remove]
 */
export function chip(file, remove) {
  return html`<span class="chip">${icon("file-text")}<span class="cut">${file.name}</span>
    <span class="faint num">${bytes(file.bytes)}${!file.tokens ? "" : ` · ${tokens(file.tokens)}`}</span>
    ${remove ? html`<button type="button" class="btn btn-quiet btn-icon btn-small" @click=${remove} aria-label=${say("attach.remove", { name: file.name })}>${icon("x")}</button>` : ""}</span>`;
}
