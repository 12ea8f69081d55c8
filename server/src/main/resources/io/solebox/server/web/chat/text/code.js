// A block of code: its language, copy, wrap; colours once it is closed, and a diagram where it is one.

import { copyText } from "../../base/copy.js";
import { icon } from "../../base/icons.js";
import { html, render } from "../../lib/lit-html/lit-html.js";
import { runScript } from "../../base/scripts.js";
import { say } from "../../base/words.js";

/** Above this nothing is coloured: it would hold the page for longer than a frame may take. */
const COLOURED_CHARS = 30_000;

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
  const code = document.createElement("code");
  code.append(document.createTextNode(text));
  pre.append(code);
  figure.append(head, pre);
  drawHead(figure, head, code, lang);
  if (!open) finish(figure, code, lang);
  return figure;
}

/**
 * Goes on with an open block: only what is new is added.
 * @param {HTMLElement} figure
 * @param {string} text all of it
 * @returns {boolean} false if it does not go on with what is there
 */
export function growCode(figure, text) {
  const node = figure.querySelector("code")?.firstChild;
  if (!(node instanceof Text) || text.length < node.length) return false;
  if (text.length > node.length) node.appendData(text.slice(node.length));
  return true;
}

/** @param {HTMLElement} figure @param {HTMLElement} head @param {HTMLElement} code @param {string} lang */
function drawHead(figure, head, code, lang) {
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
    if (!(await copyText(code.textContent ?? ""))) return;
    draw(true);
    setTimeout(draw, 1500);
  };
  draw();
}

/** @param {HTMLElement} figure @param {HTMLElement} code @param {string} lang */
function finish(figure, code, lang) {
  if (lang === "mermaid") import("./diagram.js").then(({ diagram }) => diagram(figure, code.textContent ?? ""), console.error);
  else if (lang) idle(() => colour(code, lang).catch(() => {}));
}

/** @param {() => void} work */
function idle(work) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => work(), { timeout: 1000 });
  else setTimeout(work, 0);
}

/** @param {HTMLElement} code @param {string} lang */
async function colour(code, lang) {
  const text = code.textContent ?? "";
  if (text.length > COLOURED_CHARS) return;
  await runScript("lib/highlightjs/highlight.min.js");
  const hljs = /** @type {any} */ (globalThis).hljs;
  if (!hljs.getLanguage(lang)) return;
  // The tree of what was found, not its HTML.
  const tree = hljs.highlight(text, { language: lang, ignoreIllegals: true })._emitter?.rootNode;
  if (!tree) return;
  const fragment = document.createDocumentFragment();
  tree.children.forEach((/** @type {any} */ child) => fragment.append(part(child)));
  if (fragment.textContent === text) code.replaceChildren(fragment);
}

/** @param {any} node @returns {Node | string} */
function part(node) {
  if (typeof node === "string") return node;
  const span = document.createElement("span");
  if (node.scope) span.className = `hljs-${String(node.scope).split(".")[0]}`;
  node.children.forEach((/** @type {any} */ child) => span.append(part(child)));
  return span;
}
