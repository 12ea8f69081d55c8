// Where a person writes: text, files, the model, how much room is left, send or stop.

import { Refusal } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { composing } from "../../base/keys.js";
import { number } from "../../base/format.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain, path, running, send, stop } from "../chats.js";
import { later } from "../later.js";
import { redraw, state } from "../state.js";
import { chip } from "./chip.js";
import { contextOf, countTokens, usedSoFar } from "./count.js";
import { gauge } from "./gauge.js";
import { modelButton } from "./models.js";

const knowledge = later(() => import("../../knowledge/chosen.js"));

/** @typedef {import("../state.js").Attachment & {text: string}} Attached */

/**
 * What is being written, for the chat that is open.
 * @type {{text: string, files: Attached[], tokens: number, sending: boolean}}
 */
const draft = { text: "", files: [], tokens: 0, sending: false };
/** @type {AbortController | undefined} */
let counting;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
let pastes = 0;

const choice = later(() => import("../tools/choice.js"));

/** Longer pastes become a file, so that the message stays readable. */
const LONG_PASTE = 4000;

const area = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById("ask"));

export function focusComposer() {
  area()?.focus();
}

/** Puts a text where a person writes, to be changed before it is sent. @param {string} text */
export function fillComposer(text) {
  const field = area();
  if (!field) return;
  field.value = text;
  changed();
  field.focus();
  field.setSelectionRange(text.length, text.length);
}

export const draftText = () => draft.text;

/** Keeps what is written across a reload of this tab. */
export function restoreDraft() {
  const kept = sessionStorage.getItem("draft");
  if (kept && !draft.text) fillComposer(kept);
}

function changed() {
  draft.text = area()?.value ?? "";
  fit();
  try { sessionStorage.setItem("draft", draft.text); } catch { /* full */ }
  clearTimeout(soon);
  soon = setTimeout(count, 350);
  redraw();
}

/** As many lines as there are, up to ten; for browsers that do not do it by themselves. */
function fit() {
  const field = area();
  if (!field || CSS.supports("field-sizing", "content")) return;
  field.rows = Math.min(10, draft.text.split("\n").length);
}

async function count() {
  counting?.abort();
  counting = new AbortController();
  const { signal } = counting;
  const tokens = await countTokens(draft.text, signal).catch(() => undefined);
  if (signal.aborted) return;
  draft.tokens = tokens ?? 0;
  redraw();
}

/** @param {Iterable<File>} files */
export async function attach(files) {
  for (const file of [...files]) {
    try {
      const { readFile } = await import("./files.js");
      await add(await readFile(file));
    } catch (error) {
      complain(error);
    }
  }
}

/** @param {Attached} file */
async function add(file) {
  draft.files = [...draft.files, file];
  redraw();
  const tokens = await countTokens(file.text).catch(() => undefined);
  if (tokens !== undefined) file.tokens = tokens;
  redraw();
}

/** @param {ClipboardEvent} event */
function paste(event) {
  const files = event.clipboardData?.files ?? [];
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (files.length) {
    event.preventDefault();
    attach(files);
  } else if (text.length > LONG_PASTE) {
    event.preventDefault();
    import("./files.js").then(({ pasted }) => add(pasted(text, ++pastes)), complain);
  }
}

const isRunning = () => path().some((one) => running.has(one.id));

async function submit() {
  if (draft.sending || isRunning()) return;
  const { text: written, files } = draft;
  const text = written.trim();
  if (!text && !files.length) return;
  draft.sending = true;
  redraw();
  try {
    await send(text, files);
    const field = area();
    // What was written meanwhile stays.
    if (field?.value.startsWith(written)) field.value = field.value.slice(written.length);
    draft.files = draft.files.filter((file) => !files.includes(file));
    draft.tokens = 0;
    changed();
    document.dispatchEvent(new CustomEvent("sent"));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    state.set({ refused: error });
    document.dispatchEvent(new CustomEvent("sent"));
  } finally {
    draft.sending = false;
    redraw();
  }
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (composing(event) || event.key !== "Enter" || event.shiftKey || event.altKey) return;
  event.preventDefault();
  submit();
}

function chooseFiles() {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => attach(input.files ?? []));
  input.click();
}

/** @param {Event} event */
function openKnowledge(event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  import("../../knowledge/chosen.js").then((part) => part.openChoices(button)).catch(complain);
}

/** @param {DragEvent} event */
function drop(event) {
  event.preventDefault();
  if (event.dataTransfer?.files.length) attach(event.dataTransfer.files);
}

export function composer() {
  const { model, branchFrom } = state.get();
  const files = draft.files.reduce((sum, file) => sum + (file.tokens ?? 0), 0);
  const used = usedSoFar() + draft.tokens + files;
  const size = contextOf();
  const over = size !== undefined && used >= size;
  const busy = isRunning();
  const asks = state.get().settings.knowledge?.length;
  return html`<form class="composer" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); submit(); }}
      @dragover=${(/** @type {Event} */ event) => event.preventDefault()} @drop=${drop}>
    ${branchFrom ? html`<p class="composer-note">${icon("git-branch")}<span class="grow">${say("turn.branching")}</span>
      <button type="button" class="btn btn-quiet btn-small" @click=${() => state.set({ branchFrom: "" })}>${say("cancel")}</button></p>` : ""}
    ${over ? html`<p class="composer-note composer-over" role="status">${icon("triangle-alert")}<span class="grow">${say("context.over", { used: number(used), size: number(size) })}</span></p>` : ""}
    ${draft.files.length || asks ? html`<div class="composer-files">${asks ? knowledge()?.chips() : ""}${draft.files.map((file) => chip(file, () => { draft.files = draft.files.filter((one) => one !== file); redraw(); }))}</div>` : ""}
    <label class="sr-only" for="ask">${say("composer.label")}</label>
    <textarea id="ask" rows="1" dir="auto" placeholder=${model ? say("composer.ask", { model }) : say("composer.label")}
      @input=${changed} @keydown=${key} @paste=${paste}></textarea>
    <div class="composer-tools">
      <button class="btn btn-quiet btn-icon" type="button" @click=${chooseFiles} title=${say("attach")} aria-label=${say("attach")}>${icon("paperclip")}</button>
      <button class="btn btn-quiet btn-icon" type="button" aria-haspopup="menu" @click=${openKnowledge} title=${say("nav.knowledge")} aria-label=${say("nav.knowledge")}>${icon("library")}</button>
      ${modelButton()}
      ${choice()?.toolsButton() ?? ""}
      <span class="grow"></span>
      ${gauge(used, size)}
      ${busy ? html`<button class="btn btn-primary" type="button" @click=${() => stop().catch(complain)}>${icon("square", { kind: "icon-full" })}${say("stop")}</button>`
        : html`<button class="btn btn-primary btn-icon" aria-label=${say("composer.send")} ?disabled=${draft.sending || !model || !(draft.text.trim() || draft.files.length)}>${icon("arrow-up")}</button>`}
    </div></form>`;
}
