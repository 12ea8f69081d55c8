// What an answer was given to read: its line below the answer, and what its numbers show when they are pointed at or pressed.

import { tokens } from "../base/format.js";
import { icon } from "../base/icons.js";
import { say } from "../base/words.js";
import { html, render } from "../lib/lit-html/lit-html.js";
import { complain, path, running } from "../chat/chats.js";
import { countTokens } from "../chat/composer/count.js";
import { state } from "../chat/state.js";
import { passage } from "./finder.js";
import { placeOf } from "./parts.js";

/**
 * @typedef {import("../chat/state.js").Source} Source
 * @typedef {import("../chat/state.js").Message} Message
 */

/** @param {Source[]} list @param {number} at */
function open(list, at) {
  const opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  state.set({ source: { list, at, ...(opener ? { opener } : {}) } });
  setTimeout(() => document.getElementById("source")?.focus(), 60);
}

/** What the passages of an answer cost, once somebody wanted to know: by its id. @type {Map<string, number>} */
const costs = new Map();

/** @param {string} id @param {Source[]} sources */
async function count(id, sources) {
  if (costs.has(id)) return;
  const cost = await countTokens(sources.map((one) => one.text).join("\n"));
  if (cost === undefined) return; // the model is not loaded
  costs.set(id, cost);
  const place = document.getElementById(`cost-${id}`);
  if (place) place.textContent = costOf(id);
}

/** @param {string} id */
function costOf(id) {
  const cost = costs.get(id);
  return cost === undefined ? "" : `, ${tokens(cost)}`;
}

/** "5 passages of 2 documents", and on a press all of them, with what they cost. @param {string} id of the answer @param {Source[]} sources */
export function sourcesLine(id, sources) {
  if (!sources.length) return html`<p class="live">${icon("library")}${say("know.nothing")}</p>`;
  const documents = new Set(sources.map((one) => one.file_id)).size;
  const line = say("know.passagesOf", { n: sources.length, of: say("know.documents", { n: documents }) });
  return html`<details class="reasoning sources" @toggle=${() => { count(id, sources).catch(complain); }}><summary>${icon("chevron-right")}<span>${line}<span id=${`cost-${id}`} .textContent=${costOf(id)}></span></span></summary>
    <ol class="stack-8">${sources.map((one, at) => html`<li>${passage(one, () => open(sources, at))}</li>`)}</ol></details>`;
}

/** The sources of an answer as lines of text, for whoever takes it elsewhere. @param {Source[]} sources */
export const asText = (sources) => !sources.length ? "" : [`${say("know.sources")}:`, ...sources.map((one) => `[${one.n}] ${[one.filename, placeOf(one)].filter(Boolean).join(", ")}`)].join("\n");

/** Which source a number in an answer names. @param {Element} cite @returns {{list: Source[], at: number} | undefined} */
function named(cite) {
  const id = cite.closest("[data-id]")?.getAttribute("data-id") ?? "";
  const list = running.get(id)?.sources ?? path().find((one) => one.id === id)?.sources ?? [];
  const at = list.findIndex((one) => String(one.n) === cite.getAttribute("data-n"));
  return at < 0 ? undefined : { list, at };
}

/** @param {Event} event */
const citeAt = (event) => (event.target instanceof Element ? event.target.closest(".cite") ?? undefined : undefined);

/** @type {HTMLElement | undefined} */
let card;
/** @type {Element | undefined} */
let shownFor;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let going;

function hide() {
  clearTimeout(going);
  shownFor?.removeAttribute("aria-describedby");
  shownFor = undefined;
  card?.remove();
}

/** Stays while somebody points at it, too. */
function hideSoon() {
  clearTimeout(going);
  going = setTimeout(hide, 150);
}

/** @param {Element} cite */
function show(cite) {
  clearTimeout(going);
  if (shownFor === cite) return;
  const found = named(cite);
  const source = found?.list[found.at];
  if (!source) return;
  hide();
  card ??= makeCard();
  render(html`<div class="source"><header>${icon("file-text")}<b class="cut">${source.filename}</b><span class="faint num cut">${placeOf(source)}</span></header>
    <blockquote class="as-written cite-text" dir="auto">${source.text}</blockquote></div>`, card);
  document.body.append(card);
  const at = cite.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  card.style.top = `${at.top > size.height + 12 ? at.top - size.height - 4 : at.bottom + 4}px`;
  cite.setAttribute("aria-describedby", card.id);
  shownFor = cite;
}

function makeCard() {
  const element = document.createElement("div");
  element.id = "cite-card";
  element.className = "cite-card";
  element.setAttribute("role", "tooltip");
  element.addEventListener("pointerenter", () => clearTimeout(going));
  element.addEventListener("pointerleave", hideSoon);
  return element;
}

document.addEventListener("click", (event) => {
  const cite = citeAt(event);
  const found = cite && named(cite);
  if (!found) return;
  hide();
  open(found.list, found.at);
});
document.addEventListener("pointerover", (event) => { const cite = citeAt(event); if (cite) show(cite); });
document.addEventListener("pointerout", (event) => { if (citeAt(event)) hideSoon(); });
document.addEventListener("focusin", (event) => { const cite = citeAt(event); if (cite?.matches(":focus-visible")) show(cite); });
document.addEventListener("focusout", (event) => { if (citeAt(event)) hide(); });
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shownFor) return;
  event.preventDefault(); // it closes nothing else
  hide();
}, { capture: true });
