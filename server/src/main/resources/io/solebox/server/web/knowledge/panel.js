// Beside the chat: a document where a passage stands in it, as text, and as its page where that can be drawn.

import { Refusal, ask, fetchBlob } from "../base/api.js";
import { saveFile } from "../base/copy.js";
import { number } from "../base/format.js";
import { icon } from "../base/icons.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { keyed } from "../lib/lit-html/directives/keyed.js";
import { ref } from "../lib/lit-html/directives/ref.js";
import { complain } from "../chat/chats.js";
import { redraw, state } from "../chat/state.js";
import { loading, placeOf, problem } from "./parts.js";
import { content, indexOf, original, place } from "./place.js";

/**
 * @typedef {import("../chat/state.js").Source} Source
 * @typedef {{text: string, section?: number, page?: number | null, headings?: string[]}} Section
 */

/** How many sections are shown around the one that is looked at, and how many more by each press. */
const AROUND = 2;
const MORE = 8;

const now = {
  /** @type {Source | undefined} */
  source: undefined,
  /** @type {Section[] | undefined} */
  sections: undefined,
  /** @type {Refusal | undefined} */
  failed: undefined,
  /** Of which sections from where to where are shown. */
  from: 0,
  to: 0,
  /** Whether somebody wants to see pages as they look. */
  drawn: false,
  /** Why the page cannot be drawn. @type {Refusal | undefined} */
  noPage: undefined,
};

/** The texts of the document that was looked at last. @type {{path: string, sections: Section[]}} */
let read = { path: "", sections: [] };

/** @param {Source} source */
async function look(source) {
  Object.assign(now, { source, sections: undefined, failed: undefined, noPage: undefined });
  const path = content(source);
  try {
    if (read.path !== path) read = { path, sections: (await ask("GET", path)).data };
    if (now.source !== source) return;
    const { sections } = read;
    const at = place(sections, source)?.at ?? Math.max(0, indexOf(sections, source.section));
    Object.assign(now, { sections, from: Math.max(0, at - AROUND), to: Math.min(sections.length, at + AROUND + 1) });
  } catch (error) {
    if (now.source !== source) return;
    if (!(error instanceof Refusal)) throw error;
    now.failed = error;
  }
  redraw();
  requestAnimationFrame(() => requestAnimationFrame(show));
}

/** Brings the passage into sight. */
function show() {
  document.querySelector(".panel-text mark, .panel-page")?.scrollIntoView({ block: "center" });
}

export function close() {
  const before = state.get().source?.opener;
  state.set({ source: undefined });
  before?.focus();
}

const isPdf = (/** @type {Source} */ source) => source.filename.toLowerCase().endsWith(".pdf") && Boolean(source.page);

/** What is looked at, if anything is. */
export function panel() {
  const { source: shown } = state.get();
  const source = shown?.list[shown.at];
  if (!shown || !source) return "";
  if (now.source !== source) look(source).catch(complain);
  /** @param {number} step */
  const go = (step) => state.set({ source: { ...shown, at: shown.at + step } });
  const pages = isPdf(source);
  const drawn = pages && now.drawn;
  /** @param {boolean} on */
  const draw = (on) => { now.drawn = on; redraw(); requestAnimationFrame(show); };
  return html`<aside class="drawer source-panel" id="source" aria-label=${say("know.source")} tabindex="-1">
    <header class="drawer-head"><h2 class="grow cut" title=${source.filename}>${source.filename}</h2>
      ${shown.list.length > 1 ? html`<button class="btn btn-quiet btn-icon btn-small" ?disabled=${shown.at === 0} @click=${() => go(-1)} aria-label=${say("know.previous")} title=${say("know.previous")}>${icon("chevron-left")}</button>
      <span class="small faint num" aria-live="polite">${say("know.of.all", { at: number(shown.at + 1), all: number(shown.list.length) })}</span>
      <button class="btn btn-quiet btn-icon btn-small" ?disabled=${shown.at === shown.list.length - 1} @click=${() => go(1)} aria-label=${say("know.next")} title=${say("know.next")}>${icon("chevron-right")}</button>` : ""}
      <button class="btn btn-quiet btn-icon btn-small" @click=${() => { fetchBlob(original(source)).then((blob) => saveFile(blob, source.filename)).catch(complain); }} aria-label=${say("know.save")} title=${say("know.save")}>${icon("download")}</button>
      <button class="btn btn-quiet btn-icon btn-small" @click=${close} aria-label=${say("know.close")} title=${say("know.close")}>${icon("x")}</button></header>
    <div class="drawer-body"><p class="small soft num">${[placeOf(source), source.score === undefined ? "" : `${say("know.score")} ${number(source.score, 2)}`].filter(Boolean).join(" · ")}</p>
      ${pages ? html`<div class="segments" role="group" aria-label=${say("know.shown")}><button aria-pressed=${!drawn} @click=${() => draw(false)}>${say("know.text")}</button><button aria-pressed=${drawn} @click=${() => draw(true)}>${say("know.asPage")}</button></div>` : ""}
      ${drawn ? keyed(source, page(source)) : text(source)}</div></aside>`;
}

/** The page, or why it is not there and the text instead. @param {Source} source */
const page = (source) => (now.noPage ? html`<div class="notice notice-warn">${icon("info")}<div><p>${now.noPage.message}</p></div></div>${text(source)}`
  : html`<div class="panel-page"><canvas role="img" aria-label=${say("know.pageOf", { n: source.page ?? 0, name: source.filename })} ${ref(paint)}></canvas></div>`);

/** Once for each canvas. @param {Element | undefined} canvas */
function paint(canvas) {
  const { source } = now;
  if (!(canvas instanceof HTMLCanvasElement) || !source) return;
  import("./pdfpage.js").then((part) => part.drawPage(source, canvas)).catch((error) => {
    if (!(error instanceof Refusal)) console.error(error);
    if (now.source !== source) return;
    now.noPage = error instanceof Refusal ? error : new Refusal(400, { message: say("know.noPage", { why: String(error) }) });
    redraw();
  });
}

/** @param {Source} source */
function text(source) {
  const { sections, failed } = now;
  if (failed) return html`${problem(failed, () => { look(source).catch(complain); })}${source.text ? html`<p class="small soft">${say("know.asGiven")}</p><blockquote class="as-written"><mark>${source.text}</mark></blockquote>` : ""}`;
  if (!sections) return loading();
  const where = place(sections, source);
  /** @param {number} from @param {number} to */
  const more = (from, to) => () => { Object.assign(now, { from: Math.max(0, from), to: Math.min(sections.length, to) }); redraw(); };
  return html`${where || !source.text ? "" : html`<div class="notice notice-warn">${icon("info")}<div><p>${say("know.changed")}</p></div></div><blockquote class="as-written"><mark>${source.text}</mark></blockquote>`}
    ${now.from > 0 ? html`<button class="btn btn-small" @click=${more(now.from - MORE, now.to)}>${icon("arrow-up")}${say("know.before")}</button>` : ""}
    <div class="panel-text" dir="auto">${sections.slice(now.from, now.to).map((section, at) => one(section, sections[now.from + at - 1], where?.at === now.from + at ? where : undefined))}</div>
    ${now.to < sections.length ? html`<button class="btn btn-small" @click=${more(now.from, now.to + MORE)}>${icon("arrow-down")}${say("know.after")}</button>` : ""}`;
}

/**
 * A section, with its page and headings where these are others than before.
 * @param {Section} section
 * @param {Section | undefined} before
 * @param {{from: number, to: number} | undefined} marked
 */
function one(section, before, marked) {
  const head = placeOf(section);
  return html`<section>${head && head !== (before && placeOf(before)) ? html`<h3 class="small faint">${head}</h3>` : ""}
    <p class="as-written">${marked ? html`${section.text.slice(0, marked.from)}<mark>${section.text.slice(marked.from, marked.to)}</mark>${section.text.slice(marked.to)}` : section.text}</p></section>`;
}
