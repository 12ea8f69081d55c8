// Changing a text that stands: on a branch of its own, or in place. Nothing that came later is lost.

import { composing } from "../../base/keys.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { branchText, changeText, complain, goOn, send } from "../chats.js";
import { state } from "../state.js";

/** @typedef {import("../state.js").Message} Message */

/** @param {Message} message */
export function editor(message) {
  /** @param {Event} event */
  const textIn = (event) => {
    const form = /** @type {HTMLElement} */ (event.target).closest("form");
    return /** @type {HTMLTextAreaElement} */ (form?.querySelector("textarea")).value;
  };
  const close = () => state.set({ editing: "" });
  /** @param {(text: string) => Promise<void>} work */
  const during = (work) => (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = textIn(event);
    if (!text.trim()) return;
    work(text).then(close, complain);
  };
  const user = message.role === "user";
  const main = user
    ? during((text) => send(text, message.attachments ?? [], message.parent))
    : during((text) => branchText(message, text));
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (composing(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) main(event);
  };
  const rows = Math.min(16, Math.max(2, message.text.split("\n").length));
  return html`<form class="composer editor" @submit=${main}>
    <textarea rows=${rows} dir="auto" aria-label=${say("edit.label")} .defaultValue=${message.text} @keydown=${key}></textarea>
    <div class="composer-tools"><span class="grow"></span>
      <button type="button" class="btn btn-quiet" @click=${close}>${say("cancel")}</button>
      <button type="button" class="btn" @click=${during((text) => changeText(message, text))}>${say("edit.inPlace")}</button>
      ${user ? "" : html`<button type="button" class="btn" @click=${during((text) => goOn(message, text))}>${say("edit.goOn")}</button>`}
      <button class="btn btn-primary">${say(user ? "edit.send" : "edit.branch")}</button></div></form>`;
}
