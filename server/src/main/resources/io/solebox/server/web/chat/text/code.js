// A block of code: its language, copy, wrap; colours once it is closed, and a diagram where it is one. Its lines stand in chunks, each laid
// out by itself: a line that comes or gets its colours moves no others.

import { copyText } from "../../base/copy.js";
import { icon } from "../../base/icons.js";
import { html, render } from "../../lib/lit-html/lit-html.js";
import { slowly } from "../../base/slices.js";
import { say } from "../../base/words.js";
import { coloursOf } from "./colours.js";

/** Above this nothing is coloured: the page would be made of colours. */
const COLOURED_CHARS = 100_000;
/** Lines of a chunk, and after how many characters one is full. */
const CHUNK_LINES = 40;
const CHUNK_CHARS = 4000;
/** Milliseconds in which nothing may have come to code that does not say whether more comes. */
const STILL = 300;
/** How often it is asked whether code is on the page by now; if it never is, something else stands in its place. */
const TRIES = 10;

/** @type {WeakMap<HTMLElement, CodeText>} by their figures */
const texts = new WeakMap();

/**
 * @param {string} text
 * @param {string} info what stands behind the fence
 * @param {boolean} open whether more comes
 * @returns {HTMLElement}
 */
export function codeBlock(text, info, open) {
  const lang = (info.split(/\s/)[0] ?? "").toLowerCase();
  const figure = document.createElement("figure");
  figure.className = "code";
  const head = document.createElement("figcaption");
  head.className = "code-head";
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  const lines = new CodeText(figure, lang);
  texts.set(figure, lines);
  pre.append(lines.element);
  figure.append(head, pre);
  drawHead(figure, head, lines, lang);
  lines.append(text);
  if (!open) lines.close();
  return figure;
}

/**
 * Goes on with a block: only what is new is added.
 * @param {HTMLElement} figure
 * @param {string} text all of it
 * @param {boolean} open whether more comes
 * @returns {boolean} false if it does not go on with what is there
 */
export function growCode(figure, text, open) {
  const lines = texts.get(figure);
  if (!lines || !text.startsWith(lines.text)) return false;
  lines.append(text.slice(lines.text.length));
  if (!open) lines.close();
  return true;
}

class CodeText {
  element = document.createElement("code");
  text = "";
  /** @type {{element: HTMLElement, chars: number, lines: number}[]} */
  #chunks = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #still;

  /** @param {HTMLElement} figure @param {string} lang */
  constructor(figure, lang) {
    this.figure = figure;
    this.lang = lang;
  }

  /** @param {string} more */
  append(more) {
    this.text += more;
    for (let at = 0; at < more.length;) {
      const last = this.#chunks.at(-1);
      const chunk = last && last.lines < CHUNK_LINES && (last.chars < CHUNK_CHARS || last.lines === 0) ? last : this.#newChunk();
      let end = at;
      while (end < more.length && chunk.lines < CHUNK_LINES) {
        const line = more.indexOf("\n", end);
        end = line < 0 ? more.length : line + 1;
        if (line >= 0) chunk.lines++;
        if (chunk.chars + end - at >= CHUNK_CHARS && line >= 0) break;
      }
      const words = more.slice(at, end);
      if (chunk.element.lastChild instanceof Text) chunk.element.lastChild.appendData(words);
      else chunk.element.append(words);
      chunk.chars += words.length;
      at = end;
    }
  }

  #newChunk() {
    const element = document.createElement("span");
    element.className = "lines";
    this.element.append(element);
    const chunk = { element, chars: 0, lines: 0 };
    this.#chunks.push(chunk);
    return chunk;
  }

  /** Nothing more comes, as far as is known: in a list it still may. */
  close() {
    clearTimeout(this.#still);
    if (!this.lang || !this.text) return;
    this.#still = setTimeout(() => this.#finish(TRIES), STILL);
  }

  /** @param {number} tries */
  async #finish(tries) {
    if (!this.element.isConnected) {
      if (tries) this.#still = setTimeout(() => this.#finish(tries - 1), STILL);
      return;
    }
    if (this.lang === "mermaid") {
      import("./diagram.js").then(({ diagram }) => diagram(this.figure, this.text), console.error);
      return;
    }
    const { text } = this;
    if (text.length > COLOURED_CHARS) return;
    const runs = await coloursOf(text, this.lang);
    if (runs && text === this.text) this.#colour(runs);
  }

  /** @param {string[]} runs kind and text in turns */
  #colour(runs) {
    const chunks = this.#chunks;
    let run = 0;
    let used = 0;
    const next = (/** @type {number} */ which) => {
      const chunk = chunks[which];
      if (!chunk) return;
      const parts = document.createDocumentFragment();
      for (let left = chunk.chars; left > 0;) {
        const kind = runs[run] ?? "";
        const words = (runs[run + 1] ?? "").slice(used, used + left);
        if (!words) return;
        parts.append(kind ? coloured(kind, words) : words);
        left -= words.length;
        used += words.length;
        if (used === runs[run + 1]?.length) {
          run += 2;
          used = 0;
        }
      }
      chunk.element.replaceChildren(parts);
      slowly(() => next(which + 1));
      return true;
    };
    slowly(() => next(0));
  }
}

/** @param {string} kind @param {string} words */
function coloured(kind, words) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = words;
  return span;
}

/** @param {HTMLElement} figure @param {HTMLElement} head @param {CodeText} lines @param {string} lang */
function drawHead(figure, head, lines, lang) {
  /** @param {Event} event */
  const wrap = (event) => {
    const on = figure.classList.toggle("is-wrapped");
    /** @type {HTMLElement} */ (event.currentTarget).setAttribute("aria-pressed", String(on));
  };
  /** @param {boolean} [done] */
  const draw = (done) => render(html`<span>${lang || say("code.plain")}</span>
    <button class="btn btn-quiet btn-icon btn-small" @click=${wrap} aria-pressed="false" aria-label=${say("code.wrap")}>${icon("wrap-text")}</button>
    <button class="btn btn-quiet btn-small" @click=${copy}>${icon(done ? "check" : "copy")}<span>${say(done ? "copied" : "copy")}</span></button>`, head);
  const copy = async () => {
    if (!(await copyText(lines.text))) return;
    draw(true);
    setTimeout(draw, 1500);
  };
  draw();
}
