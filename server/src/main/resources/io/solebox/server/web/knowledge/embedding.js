// Which models make the vectors of documents, and what to do where there is none.

import "./ready.js";
import { ask } from "../base/api.js";
import { copyText } from "../base/copy.js";
import { icon } from "../base/icons.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { complain } from "../chat/chats.js";
import { redraw, state } from "../chat/state.js";

/** The one that is used unless another is chosen. */
export const USUAL = "minilm";

/** All models of the box by their names, once they were asked for. @type {import("../chat/state.js").Model[] | undefined} */
let models;
let asked = false;

function read() {
  if (asked) return;
  asked = true;
  ask("GET", "/v1/models").then((said) => { models = said.data; redraw(); }, complain);
}

/** @param {import("../chat/state.js").Model} model */
const isUsual = (model) => model.id === USUAL || model.id.split(":")[0] === USUAL;

/** Those that may be chosen: which of them make vectors is known of what is loaded. @returns {string[]} */
export function embeddingModels() {
  read();
  return (models ?? []).filter((one) => one.solebox.chat !== true && !one.solebox.alias_of && !isUsual(one)).map((one) => one.id);
}

/** Whether the usual one is here, as far as is known. */
export const hasUsual = () => models?.some(isUsual) ?? true;

/** Says what to run where the usual model is not on the box. */
export function needsModel() {
  read();
  if (hasUsual() || state.get().collections?.length) return "";
  const command = `solebox embed ${USUAL} -p test`;
  const copy = async () => toast(say((await copyText(command)) ? "copied" : "copy.failed"));
  return html`<div class="notice notice-warn">${icon("info")}<div class="grow"><h2>${say("know.noModel", { model: USUAL })}</h2><p>${say("know.noModel.why")}</p>
    <div class="row"><code class="know-command">${command}</code><button class="btn btn-small" @click=${copy}>${icon("copy")}${say("copy")}</button>
    ${state.get().me?.admin ? html`<a class="btn btn-quiet btn-small" href="/desk#models">${say("nav.models")}</a>` : ""}</div></div></div>`;
}
