// What is done with several chats at once, while some are being chosen.

import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { bulk } from "./actions.js";
import { lists } from "./lists.js";

export function bulkBar() {
  const { chosen } = lists.get();
  if (!chosen) return "";
  const none = chosen.size === 0;
  return html`<div class="bulk"><p class="small">${say("side.chosen", { n: chosen.size })}</p><div class="row">
    <button class="btn btn-small btn-danger" ?disabled=${none} @click=${() => bulk.remove()}>${say("delete")}</button>
    <button class="btn btn-small" ?disabled=${none} @click=${() => bulk.archive()}>${say(lists.get().archived ? "chat.unarchive" : "chat.archive")}</button>
    <button class="btn btn-small btn-icon" ?disabled=${none} @click=${() => bulk.folder()} aria-label=${say("chat.folder")}>${icon("folder")}</button>
    <span class="grow"></span><button class="btn btn-small btn-quiet" @click=${() => lists.set({ chosen: undefined })}>${say("cancel")}</button></div></div>`;
}
