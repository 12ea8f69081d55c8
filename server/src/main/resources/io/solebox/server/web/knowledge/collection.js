// One collection: its documents, as they come and stand, and what is found in them.

import { bytes, number } from "../base/format.js";
import { sideButton } from "../base/frame.js";
import { icon } from "../base/icons.js";
import { openMenu } from "../base/menu.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { repeat } from "../lib/lit-html/directives/repeat.js";
import { complain } from "../chat/chats.js";
import { go } from "../chat/routes.js";
import { state } from "../chat/state.js";
import { mayWrite, nameOf } from "./collections.js";
import { addFiles, dismiss, lookInto, readDocuments, removeDocument, shelf } from "./documents.js";
import { finder } from "./finder.js";
import { bar, figures, loading, problem, working } from "./parts.js";

/**
 * @typedef {import("../chat/state.js").Collection} Collection
 * @typedef {import("./documents.js").Document} Document
 * @typedef {import("./documents.js").Upload} Upload
 */

/**
 * @param {string} id
 * @param {Collection | undefined} one once it is known
 * @param {(one: Collection, gone: () => void) => import("../base/menu.js").MenuItem[]} menu
 */
export function collectionPage(id, one, menu) {
  lookInto(id);
  const title = one ? nameOf(one) : say("nav.knowledge");
  const gone = () => { go("/knowledge"); };
  return html`<header class="topbar">${sideButton()}<a class="btn btn-quiet btn-icon" href="/knowledge" aria-label=${say("know.all")} title=${say("know.all")}>${icon("chevron-left")}</a>
      <h1 class="grow" dir="auto">${title}</h1>
      ${one ? html`<button class="btn" @click=${() => { import("./chosen.js").then((part) => part.askAbout(one.id)).catch(complain); }}>${icon("message-square")}<span class="wide-only">${say("know.ask")}</span><span class="sr-only narrow-only">${say("know.ask")}</span></button>
      <button class="btn btn-quiet btn-icon" aria-haspopup="menu" aria-label=${say("chat.more", { title })}
        @click=${(/** @type {Event} */ event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), menu(one, gone))}>${icon("ellipsis")}</button>` : ""}</header>
    <div class="page" @dragover=${(/** @type {Event} */ event) => event.preventDefault()} @drop=${(/** @type {DragEvent} */ event) => drop(event, one)}><div class="know">
      ${one ? about(one) : ""}${shelf.failed ? problem(shelf.failed, readDocuments) : one ? inside(one) : loading()}</div></div>`;
}

/** @param {Collection} one */
const about = (one) => html`<div class="stack-8">${one.description ? html`<p class="soft" dir="auto">${one.description}</p>` : ""}
  <p class="small faint num">${[figures(one), say("know.by", { model: one.embedding_model ?? "" })].join(" · ")}</p>${working(one)}</div>`;

/** @param {Collection} one */
function inside(one) {
  const documents = shelf.documents?.filter((each) => !shelf.leaving.has(each.id));
  const some = documents?.length || shelf.uploads.length;
  return html`${documents?.length ? finder(one.id) : ""}${mayWrite(one) ? dropZone() : ""}
    ${!documents ? loading() : some ? html`<section class="card" aria-labelledby="know-documents"><h2 class="know-head" id="know-documents">${say("know.docs")}</h2><ul class="know-list">
      ${repeat(shelf.uploads, (each) => each.key, sending)}${repeat(documents, (each) => each.id, (each) => documentRow(one, each))}</ul></section>`
      : html`<p class="empty">${say(mayWrite(one) ? "know.noDocuments" : "know.noDocuments.read")}</p>`}`;
}

function choose() {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => { addFiles(input.files ?? []).catch(complain); });
  input.click();
}

/** @param {DragEvent} event @param {Collection | undefined} one */
function drop(event, one) {
  event.preventDefault();
  const files = event.dataTransfer?.files;
  if (files?.length && one && mayWrite(one)) addFiles(files).catch(complain);
}

const dropZone = () => html`<div class="know-drop"><button class="btn" @click=${choose}>${icon("file-up")}${say("know.add")}</button><p class="small soft">${say("know.add.how")}</p></div>`;

/** A file on its way. @param {Upload} upload */
function sending(upload) {
  const { name, failed } = upload;
  return html`<li>${icon(failed ? "triangle-alert" : "file-up", { kind: failed ? "bad" : "faint" })}<div class="grow stack-4"><b class="cut" dir="auto">${name}</b>
      ${failed ? html`<p class="small bad" role="alert">${[failed.message, failed.remedy].filter(Boolean).join(" ")}</p>`
        : html`<p class="small soft num">${upload.part ? say("know.sending", { done: bytes(upload.part * upload.bytes), all: bytes(upload.bytes) }) : say("know.queued")}</p>${bar(upload.part)}`}</div>
    <button class="btn btn-quiet btn-icon" @click=${() => dismiss(upload)} aria-label=${say(failed ? "know.dismiss" : "know.stop", { name })}>${icon("x")}</button></li>`;
}

/** @param {Collection} one @param {Document} file */
function documentRow(one, file) {
  const name = file.filename;
  const open = () => state.set({ source: { list: [{ vector_store_id: one.id, file_id: file.id, filename: name, section: 0, from: 0, to: 0, text: "" }], at: 0 } });
  const done = file.status === "completed";
  return html`<li>${icon(file.status === "failed" ? "triangle-alert" : "file-text", { kind: file.status === "failed" ? "bad" : "faint" })}<div class="grow stack-4">
      ${done ? html`<button class="cut know-open" dir="auto" @click=${open}>${name}</button>` : html`<b class="cut" dir="auto">${name}</b>`}${stateOf(file)}
      ${(file.notes ?? []).map((note) => html`<p class="small soft">${note}</p>`)}</div>
    ${mayWrite(one) ? html`<button class="btn btn-quiet btn-icon" @click=${() => removeDocument(file)} title=${say("delete")} aria-label=${say("know.remove", { name })}>${icon("trash-2")}</button>` : ""}</li>`;
}

/** @param {Document} file */
function stateOf(file) {
  switch (file.status) {
    case "in_progress": return coming(file.progress ?? { stage: "waiting", done: 0, total: 0 });
    case "failed": return html`<p class="small bad">${file.last_error?.message ?? say("failure.unknown")}</p>`;
    case "cancelled": return html`<p class="small soft">${say("know.cancelled")}</p>`;
    case "completed": return html`<p class="small faint num">${[say("know.passages", { n: file.chunks }), bytes(file.usage_bytes)].join(" · ")}</p>`;
  }
}

/** @param {import("./documents.js").Progress} progress */
function coming({ stage, done, total, why }) {
  const of = total ? say("know.stage.of", { done: number(done), total: number(total) }) : "";
  return html`<p class="small soft num"><span class=${stage === "waiting" ? "lamp" : "lamp lamp-live"}></span> ${say(`know.stage.${stage}`)} ${of}</p>${bar(total ? done / total : 0)}${why ? html`<p class="small soft">${why}</p>` : ""}`;
}
