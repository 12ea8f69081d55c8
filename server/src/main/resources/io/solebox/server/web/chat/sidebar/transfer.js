// Chats as files: out as JSON, Markdown or one page, in from here, ChatGPT and Open WebUI.

import { ask, fetchBlob } from "../../base/api.js";
import { saveFile } from "../../base/copy.js";
import { dialog } from "../../base/dialog.js";
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

/** Lets a person choose files, and says of each conversation that could not come why. */
export function importChats() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    try {
      await take(await file.text(), file.name);
    } catch (error) {
      complain(error);
    }
  });
  input.click();
}

/** @param {string} text @param {string} name */
async function take(text, name) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    toast(say("import.noJson", { name }));
    return;
  }
  const said = await ask("POST", "/chats/import", body);
  await readLists();
  const came = said.imported.length;
  /** @type {{title: string, message: string}[]} */
  const failed = said.failed;
  // What came, but not as it was.
  const changed = said.imported.flatMap((/** @type {any} */ one) => one.notes.map((/** @type {string} */ note) => ({ title: one.chat.title, message: note })));
  if (!failed.length && !changed.length) {
    toast(say("import.done", { n: came }));
    return;
  }
  await dialog(say("import.title"), (close) => html`<div class="stack"><p>${say("import.some", { n: came, failed: failed.length })}</p>
    <ul class="import-failed">${[...failed, ...changed].map((one) => html`<li><b>${one.title}</b> <span class="soft">${one.message}</span></li>`)}</ul>
    <div class="dialog-actions"><button class="btn btn-primary" @click=${() => close()}>${say("close")}</button></div></div>`);
}
