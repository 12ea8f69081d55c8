// Chats as files: out as JSON, Markdown or one page, in from here, ChatGPT and Open WebUI.

import "../apart/ready.js";
import { Refusal, fetchBlob, sendFile } from "../../base/api.js";
import { saveFile } from "../../base/copy.js";
import { dialog } from "../../base/dialog.js";
import { bytes } from "../../base/format.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain } from "../chats.js";
import { readLists } from "./lists.js";

const ENDINGS = { json: "json", markdown: "md", html: "html" };

/** A name that every file system takes. @param {string} title */
export const fileName = (title) => title.replace(/[\\/:*?"<>|\p{Cc}]+/gu, " ").trim().slice(0, 80) || "chat";

/**
 * @param {{id: string, title: string}} chat
 * @param {keyof typeof ENDINGS} format
 */
export async function saveChat(chat, format) {
  try {
    saveFile(await fetchBlob(`/chats/${chat.id}/export?format=${format}`), `${fileName(chat.title)}.${ENDINGS[format]}`);
  } catch (error) {
    complain(error);
  }
}

export async function saveAll() {
  try {
    saveFile(await fetchBlob("/chats/export"), "solebox-chats.json");
  } catch (error) {
    complain(error);
  }
}

/** Lets a person choose a file, and says of each conversation that could not come why. */
export function importChats() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) take(file).catch(complain);
  });
  input.click();
}

/** How long a file may take until its progress is shown, in milliseconds. */
const QUICK = 300;

/** The file goes as it is: the server reads it while it comes, however long it is. @param {File} file */
async function take(file) {
  const leaving = new AbortController();
  let part = 0;
  let came = 0;
  let over = false;
  let redraw = () => {};
  let close = () => {};
  const heard = (/** @type {Event} */ event) => {
    came = /** @type {CustomEvent} */ (event).detail.imported;
    redraw();
  };
  document.addEventListener("import", heard);
  const sent = sendFile("/chats/import", file, (now) => { part = now; redraw(); }, { signal: leaving.signal, type: "application/json" });
  const slow = setTimeout(async () => {
    await dialog(say("import"), (end, draw) => {
      close = end;
      redraw = draw;
      return progress(file, part, came, end);
    });
    if (!over) leaving.abort();
  }, QUICK);
  const end = () => {
    over = true;
    clearTimeout(slow);
    document.removeEventListener("import", heard);
    close();
  };
  try {
    const said = await sent.finally(end);
    await readLists();
    await tell(said);
  } catch (error) {
    if (leaving.signal.aborted) toast(say("import.left", { n: came }));
    else if (error instanceof Refusal && error.code === "invalid_json") toast(say("import.noJson", { name: file.name }));
    else throw error;
  }
}

/** @param {File} file @param {number} part @param {number} came @param {() => void} close */
function progress(file, part, came, close) {
  const percent = Math.floor(100 * part);
  return html`<div class="stack"><p class="cut">${file.name}</p>
    <svg class="bar" role="img" aria-label=${say("progress.percent", { n: percent })}><rect class="fill-2" width=${`${100 * part}%`}></rect></svg>
    <p class="soft num">${say("import.of", { done: bytes(part * file.size), all: bytes(file.size) })} · ${say("import.came", { n: came })}</p>
    <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button></div></div>`;
}

/** Of so many is said what did not come. */
const SHOWN = 200;

/** @param {any} said */
async function tell(said) {
  const came = said.imported.length;
  /** @type {{title: string, message: string}[]} */
  const failed = said.failed;
  // What came, but not as it was.
  const changed = said.imported.flatMap((/** @type {any} */ one) => one.notes.map((/** @type {string} */ note) => ({ title: one.chat.title, message: note })));
  if (!failed.length && !changed.length) {
    toast(say("import.done", { n: came }));
    return;
  }
  const all = [...failed, ...changed];
  await dialog(say("import.title"), (close) => html`<div class="stack"><p>${say("import.some", { n: came, failed: failed.length })}</p>
    <ul class="import-failed">${all.slice(0, SHOWN).map((one) => html`<li><b>${one.title}</b> <span class="soft">${one.message}</span></li>`)}
      ${all.length > SHOWN ? html`<li class="soft">${say("import.more", { n: all.length - SHOWN })}</li>` : ""}</ul>
    <div class="dialog-actions"><button class="btn btn-primary" @click=${() => close()}>${say("close")}</button></div></div>`);
}
