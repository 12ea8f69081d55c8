// Why an answer is not whole, where the answer would be, with what can be done about it.

import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { again, complain, goOn } from "../chats.js";
import { state } from "../state.js";

/** @param {import("../state.js").Message} message @param {boolean} last */
export function failure(message, last) {
  if (message.state === "stopped" && !message.error) {
    return last && message.text ? html`<p class="live"><span class="lamp"></span>${say("failure.stopped")}
      <button class="btn btn-small" @click=${() => goOn(message).catch(complain)}>${say("turn.continue")}</button></p>` : "";
  }
  if (message.finish === "length" && message.state === "done") return note(say("failure.length"), say("failure.length.why"), "notice notice-warn", message, true);
  const error = message.error ?? { message: say("failure.unknown") };
  const kept = Boolean(message.text);
  const kind = kept ? "notice notice-warn" : "notice";
  return note(say(kept ? "failure.broke" : "failure.none"), [error.message, error.remedy].filter(Boolean).join(" "), kind, message, kept, error.code);
}

/**
 * @param {string} title
 * @param {string} why
 * @param {string} kind
 * @param {import("../state.js").Message} message
 * @param {boolean} goes whether it can go on
 * @param {string} [code]
 */
function note(title, why, kind, message, goes, code) {
  return html`<div class=${kind} role="group" aria-label=${title}>${icon("triangle-alert")}<div><h3>${title}</h3><p>${why}</p>
    <div class="row">${goes ? html`<button class="btn btn-small" @click=${() => goOn(message).catch(complain)}>${say("turn.continue")}</button>` : ""}
    <button class="btn btn-small" @click=${() => again(message).catch(complain)}>${say("turn.again")}</button>
    ${code === "context_length_exceeded" ? html`<button class="btn btn-quiet btn-small" @click=${() => state.set({ drawer: true, source: undefined })}>${say("failure.settings")}</button>` : ""}</div></div></div>`;
}
