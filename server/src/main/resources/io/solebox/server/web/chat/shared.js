// A chat that somebody on this box shows to others, for reading.

import "./apart/ready.js";
import { Refusal, ask } from "../base/api.js";
import { moment } from "../base/format.js";
import { sideButton } from "../base/frame.js";
import { icon } from "../base/icons.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { chip } from "./composer/chip.js";
import { redraw } from "./state.js";
import { TextView } from "./text/view.js";
import { pathTo } from "./tree.js";

/**
 * @typedef {import("./state.js").Message} Message
 * @typedef {{title: string, by: string, updated: number, current: string | null, messages: Message[]}} Shared
 */

/** @type {{id: string, chat: Shared | undefined, failed: string}} */
const shown = { id: "", chat: undefined, failed: "" };

/** @type {Map<string, TextView>} */
const drawn = new Map();

/** @param {string} id */
async function read(id) {
  Object.assign(shown, { id, chat: undefined, failed: "" });
  drawn.clear();
  try {
    const chat = await ask("GET", `/shared/${id}.json`);
    if (shown.id === id) shown.chat = chat;
  } catch (error) {
    shown.failed = error instanceof Refusal ? error.message : String(error);
  }
  redraw();
}

/** @param {string} id */
export function sharedPage(id) {
  if (shown.id !== id) read(id);
  const { chat, failed } = shown;
  return html`<header class="topbar">${sideButton()}<h1 class="grow" dir="auto">${chat?.title ?? say("chat.share")}</h1>
      ${chat ? html`<span class="badge">${icon("share-2")}${say("shared.by", { name: chat.by || say("account.local"), when: moment(chat.updated) })}</span>` : ""}</header>
    <div class="conversation" tabindex="0" role="region" aria-label=${say("conversation")}>
    ${failed ? html`<div class="middle"><div class="column"><div class="notice">${icon("triangle-alert")}<div><h2>${say("chat.gone")}</h2><p>${failed}</p></div></div></div></div>`
      : html`<div class="column turns">${chat ? pathTo(chat.messages, chat.current).map(turn) : html`<span class="skeleton skeleton-70"></span>`}</div>`}</div>`;
}

/** @param {Message} message */
function turn(message) {
  if (message.role === "user") {
    return html`<article class="turn turn-user" aria-label=${say("shared.asked")}><div class="said"><p class="as-written" dir="auto">${message.text}</p>
      ${(message.attachments ?? []).map((one) => chip(one))}</div></article>`;
  }
  let view = drawn.get(message.id);
  if (!view) {
    view = new TextView();
    view.show(message.text);
    drawn.set(message.id, view);
  }
  return html`<article class="turn turn-answer" aria-label=${say("turn.answer", { model: message.model ?? "" })}>${view.element}
    <footer class="turn-foot"><span class="figures">${message.model ?? ""}</span></footer></article>`;
}
