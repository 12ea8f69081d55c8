// The history at the left: search, what is pinned, folders, days.

import { brand, account, sideNav } from "../../base/frame.js";
import { ago, day, moment } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { composing } from "../../base/keys.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { repeat } from "../../lib/lit-html/directives/repeat.js";
import { later, openChatMenu, openSideMenu } from "../later.js";
import { redraw, state } from "../state.js";
import { lists, choose, readLists, readMore, toggleFolder } from "./lists.js";
import { rowsOf, windowOf } from "./rows.js";
import { search } from "./search.js";

const results = later(() => import("./results.js"));
const choosing = later(() => import("./bulk.js"));

/** @typedef {import("./rows.js").Row} Row */

let top = 0;
let seen = 800;

const rowHeight = () => (matchMedia("(pointer: coarse)").matches ? 44 : 32);

/** @param {Event} event */
function scrolled(event) {
  const element = /** @type {HTMLElement} */ (event.currentTarget);
  top = element.scrollTop;
  seen = element.clientHeight;
  lists.set({ open: new Map(lists.get().open) }); // draws again with the next frame
}

/** @param {number} millis */
function dayWords(millis) {
  const now = new Date();
  const days = Math.round((new Date(now.toDateString()).getTime() - new Date(new Date(millis).toDateString()).getTime()) / 86_400_000);
  return days === 0 ? say("today") : days === 1 ? say("yesterday") : day(millis, now);
}

export function sidebar() {
  const { me } = state.get();
  return html`<aside class="sidebar" id="side" aria-label=${say("side.label")}>${brand()}
    <div class="side-top"><div class="row"><a class="btn btn-left btn-wide" href="/">${icon("plus")}<span class="grow">${say("nav.new")}</span></a>
      <button class="btn btn-icon" aria-haspopup="menu" aria-label=${say("side.more")} @click=${openSideMenu}>${icon("ellipsis")}</button></div>
      ${searchField()}${filters()}</div>
    ${search.get().words ? results()?.results() ?? "" : history()}
    ${lists.get().chosen ? choosing()?.bulkBar() : ""}
    ${sideNav([
      { href: "/knowledge", icon: "library", word: "nav.knowledge", here: state.get().page === "knowledge" },
      { href: "/compare", icon: "columns-2", word: "nav.compare", here: state.get().page === "compare" },
      ...(me?.admin ? [{ href: "/desk#models", icon: /** @type {const} */ ("box"), word: "nav.models" }, { href: "/desk", icon: /** @type {const} */ ("settings"), word: "nav.desk" }] : []),
      { href: "/desk#usage", icon: "chart-column", word: "nav.usage" }])}
    ${account(me, redraw)}</aside>`;
}

function searchField() {
  /** @param {Event} event */
  const input = (event) => search.find(/** @type {HTMLInputElement} */ (event.target).value);
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (composing(event)) return;
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (event.key === "Escape") {
      field.value = "";
      search.find("");
    } else if (event.key === "Enter") /** @type {HTMLElement | null} */ (document.querySelector(".hit"))?.click();
  };
  return html`<div class="search">${icon("search")}<label class="sr-only" for="find">${say("search")}</label>
    <input class="input" id="find" type="search" autocomplete="off" placeholder=${say("search")} @input=${input} @keydown=${key}><kbd>Ctrl K</kbd></div>`;
}

/** What the list is narrowed to. */
function filters() {
  const { tag, archived } = lists.get();
  if (!tag && !archived) return "";
  return html`<div class="row">${archived ? html`<span class="badge">${icon("archive")}${say("side.archived")}</span>` : ""}${tag ? html`<span class="badge">${icon("tag")}${tag}</span>` : ""}
    <span class="grow"></span><button class="btn btn-quiet btn-small" @click=${() => choose({ tag: "", archived: false })}>${say("side.all")}</button></div>`;
}

function history() {
  const { lines, pinned, folders, open, more, loading, failed, archived, tag } = lists.get();
  const narrowed = archived || tag;
  const rows = rowsOf({
    lines: narrowed ? lines.map((line) => ({ ...line, pinned: false, folder: null })) : lines,
    pinned: narrowed ? [] : pinned, folders: narrowed ? [] : folders, open,
    words: { pinned: say("side.pinned"), folders: say("side.folders"), day: dayWords },
  });
  const height = rowHeight();
  const { from, to, above, below } = windowOf(rows.length, height, top, seen);
  if (more && !loading && !failed && rows.length - to < 30) queueMicrotask(readMore);
  return html`<nav class="history" aria-label=${say("side.chats")} @scroll=${{ handleEvent: scrolled, passive: true }}>
    <svg class="spacer" aria-hidden="true" width="1" height=${above}></svg>
    <div class="rows">${repeat(rows.slice(from, to), (row) => row.key, drawRow)}</div>
    <svg class="spacer" aria-hidden="true" width="1" height=${below}></svg>
    ${failed ? html`<div class="notice">${icon("triangle-alert")}<div><p>${failed}</p><div class="row"><button class="btn btn-small" @click=${readLists}>${say("again")}</button></div></div></div>`
      : rows.length ? "" : loading ? html`<div class="stack late"><span class="skeleton skeleton-70"></span><span class="skeleton skeleton-90"></span><span class="skeleton skeleton-40"></span></div>`
        : html`<p class="empty">${say(narrowed ? "side.nothing" : "side.empty")}</p>`}</nav>`;
}

/** @param {Row} row */
function drawRow(row) {
  switch (row.kind) {
    case "head": return html`<h2 class="history-row history-head">${row.text}</h2>`;
    case "folder": return html`<button class="history-row history-item" aria-expanded=${row.open} @click=${() => toggleFolder(row.name)}>
      ${icon(row.open ? "folder-open" : "folder")}<span class="cut">${row.name}</span><span class="faint small num">${row.count}</span>${icon(row.open ? "chevron-down" : "chevron-right")}</button>`;
    case "chat": return chatRow(row.line, row.inside);
  }
}

/** @param {import("../state.js").ChatLine} line @param {boolean} inside */
function chatRow(line, inside) {
  const here = state.get().chatId === line.id;
  const { chosen } = lists.get();
  const title = line.title || say("nav.new");
  const kind = `history-row history-item${inside ? " history-inside" : ""}`;
  if (chosen) {
    const toggle = () => {
      const next = new Set(chosen);
      if (!next.delete(line.id)) next.add(line.id);
      lists.set({ chosen: next });
    };
    return html`<label class=${kind}><input type="checkbox" .checked=${chosen.has(line.id)} @change=${toggle}><span class="cut">${title}</span></label>`;
  }
  return html`<div class="history-line"><a class=${kind} href=${`/c/${line.id}`} aria-current=${here ? "page" : "false"} title=${`${moment(line.updated)} · ${ago(line.updated)}`}>
    ${line.running ? html`<span class="lamp lamp-live" role="img" aria-label=${say("side.running")}></span>` : ""}<span class="cut" dir="auto">${title}</span>${line.pinned ? icon("pin") : ""}</a>
    <button class="btn btn-quiet btn-icon btn-small" aria-haspopup="menu" aria-label=${say("chat.more", { title })}
      @click=${(/** @type {Event} */ event) => openChatMenu(event, line)}>${icon("ellipsis")}</button></div>`;
}
