// The middle: what was said, following its end only while a person is there.

import { icon } from "../base/icons.js";
import { say } from "../base/words.js";
import { slowly } from "../base/slices.js";
import { html } from "../lib/lit-html/lit-html.js";
import { repeat } from "../lib/lit-html/directives/repeat.js";
import { path, running } from "./chats.js";
import { composer, fillComposer } from "./composer/composer.js";
import { contextOf } from "./composer/count.js";
import { number } from "../base/format.js";
import { redraw, state } from "./state.js";
import { onTextDrawn } from "./turns/texts.js";
import { turn } from "./turns/turn.js";

const NEAR = 48;
let following = true;
let away = false;

const box = () => document.querySelector(".conversation");

/** @param {Element} element */
const isAtEnd = (element) => element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;

/** To the end, and along with it from now on. */
export function follow() {
  following = true;
  stay();
}

/** Where a person follows the end, it stays in sight. Where nothing was said, there is no end, and the browser need not lay it out at once. */
export function stay() {
  const element = box();
  if (element?.querySelector(".turns") && following) element.scrollTop = element.scrollHeight;
}

function scrolled() {
  const element = box();
  if (!element) return;
  const end = isAtEnd(element);
  if (end) following = true;
  if (away === end) {
    away = !end;
    document.querySelector(".to-newest")?.toggleAttribute("hidden", end);
  }
}

/** Whoever scrolls up wants to read. @param {WheelEvent} event */
function wheel(event) {
  if (event.deltaY < 0) following = false;
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (["PageUp", "ArrowUp", "Home"].includes(event.key)) following = false;
}

let touched = 0;

/** Turns that are drawn with a chat's first frame, and with each one after it. */
const FIRST = 4;
const MORE = 4;
/** The first turn that is drawn, of the chat that is open: a long chat's beginning follows when there is time. */
let from = 0;
let drawnChat = "";
let growing = false;

/** Whether the beginning is not there yet. */
export const isPartly = () => from > 0;

/** @param {import("./state.js").Message[]} messages */
function drawnOf(messages) {
  const { chatId } = state.get();
  if (chatId !== drawnChat && messages.length) {
    drawnChat = chatId;
    from = Math.max(0, messages.length - FIRST);
  }
  if (from > 0 && !growing) {
    growing = true;
    slowly(() => {
      growing = false;
      from = Math.max(0, from - MORE);
      redraw();
    });
  }
  return messages.slice(from);
}

onTextDrawn(stay);

export function conversation() {
  const { chat, opening, failed, refused } = state.get();
  const messages = drawnOf(path());
  for (const message of messages) {
    const live = running.get(message.id);
    if (live && !live.follows) {
      live.follows = true;
      live.view.onDrawn(stay);
      live.reasoningView.onDrawn(stay);
    }
  }
  return html`<div class="conversation" tabindex="0" role="region" aria-label=${say("conversation")} @scroll=${{ handleEvent: scrolled, passive: true }}
      @wheel=${{ handleEvent: wheel, passive: true }} @keydown=${key}
      @touchstart=${{ handleEvent: (/** @type {TouchEvent} */ event) => { touched = event.touches[0]?.clientY ?? 0; }, passive: true }}
      @touchmove=${{ handleEvent: (/** @type {TouchEvent} */ event) => { if ((event.touches[0]?.clientY ?? 0) > touched + 4) following = false; }, passive: true }}>
    ${failed ? notFound(failed) : opening ? loading() : messages.length || chat?.messages.length
      ? html`<div class="column turns">${repeat(messages, (one) => one.id, (one, at) => turn(one, at === messages.length - 1))}${notTaken()}</div>`
      : refused ? html`<div class="column turns">${notTaken()}</div>` : empty()}
    <div class="composer-wrap"><div class="column composer-place">
      <button class="btn btn-small to-newest" type="button" hidden @click=${follow}>${icon("arrow-down")}${say("newest")}</button>
      ${composer()}</div></div></div>`;
}

const loading = () => html`<div class="column turns late" aria-busy="true"><span class="sr-only">${say("loading")}</span>
  <span class="skeleton skeleton-90"></span><span class="skeleton skeleton-70"></span><span class="skeleton skeleton-40"></span></div>`;

/** @param {import("../base/api.js").Refusal} failed */
const notFound = (failed) => html`<div class="middle"><div class="column"><div class="notice">${icon("triangle-alert")}<div>
  <h2>${failed.status === 404 ? say("chat.gone") : say("error.title")}</h2><p>${failed.status === 0 ? say("error.unreachable") : failed.message}</p>
  <div class="row"><a class="btn btn-small" href="/">${say("nav.new")}</a></div></div></div></div></div>`;

/** What was sent and refused is still where it was written; this says why. */
function notTaken() {
  const { refused } = state.get();
  if (!refused) return "";
  const title = refused.status === 0 ? say("error.unreachable") : say("send.refused");
  const why = refused.status === 0 ? say("error.unreachable.why") : [refused.message, refused.remedy].filter(Boolean).join(" ");
  return html`<div class="notice" role="alert">${icon("triangle-alert")}<div><h2>${title}</h2><p>${why}</p>
    <div class="row"><button type="button" class="btn btn-small" @click=${sendAgain}>${say("again")}</button>
    ${refused.param && refused.param !== "model" ? html`<button type="button" class="btn btn-quiet btn-small" @click=${() => state.set({ drawer: true, source: undefined })}>${say("failure.settings")}</button>` : ""}</div></div></div>`;
}

function sendAgain() {
  /** @type {HTMLFormElement | null} */ (document.querySelector(".composer-place form"))?.requestSubmit();
}

function empty() {
  const { model, temporary } = state.get();
  const size = contextOf();
  /** @type {["file-text" | "code" | "table", string][]} */
  const starts = [["file-text", "summary"], ["code", "explain"], ["table", "table"]];
  return html`<div class="middle"><div class="column stack"><div class="stack-8"><h2 class="lead">${model ? say("empty.title", { model }) : say("empty.noModel")}</h2>
    <p class="soft">${temporary ? say("empty.temporary") : size ? say("empty.about", { size: number(size) }) : say("empty.private")}</p></div>
    <ul class="starts">${starts.map(([name, word]) => html`<li><button type="button" @click=${() => fillComposer(say(`start.${word}.text`))}>
      ${icon(name, { big: true })}<span><b>${say(`start.${word}`)}</b><br><span class="soft">${say(`start.${word}.about`)}</span></span>${icon("chevron-right")}</button></li>`)}</ul></div></div>`;
}
