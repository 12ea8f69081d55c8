// Markdown's tokens as nodes of the page. Nothing is ever read as HTML: what a text has of it is shown as text.

import { drawCites } from "./cite.js";
import { decodeEntities } from "./entities.js";
import { codeBlock } from "./code.js";
import { formula } from "./formula.js";

/**
 * @typedef {any} Token a token of marked, as its lexer makes them
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [kind]
 * @param {...(Node | string)} inside
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, kind, ...inside) {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.append(...inside);
  return element;
}

/** @param {Token} token @returns {HTMLElement} */
export function drawBlock(token) {
  switch (token.type) {
    case "heading": return withInline(document.createElement(`h${Math.min(token.depth + 1, 6)}`), token.tokens);
    case "paragraph": return withInline(make("p"), token.tokens);
    case "text": return token.tokens ? withInline(make("p"), token.tokens) : make("p", "", decodeEntities(token.text));
    case "code": return codeBlock(token.text ?? "", token.lang ?? "", Boolean(token.open));
    case "blockquote": return withBlocks(make("blockquote"), token.tokens);
    case "list": return drawList(token);
    case "table": return drawTable(token);
    case "hr": return make("hr");
    case "mathBlock": return formula(token.text, true);
    case "html": return make("p", "as-written", token.raw.trimEnd());
    default: return make("p", "as-written", token.raw ?? "");
  }
}

/** @param {HTMLElement} element @param {Token[]} tokens */
function withBlocks(element, tokens) {
  drawTokens(element, tokens, false);
  return element;
}

/** Whether anything is shown of it. @param {Token} token */
export const isDrawn = (token) => token.type !== "space" && token.type !== "def" && token.type !== "checkbox";

/**
 * Draws what is in an item or a quote.
 * @param {HTMLElement} element
 * @param {Token[]} tokens
 * @param {boolean} tight whether it is a tight item, whose words stand in it as they are
 */
export function drawTokens(element, tokens, tight) {
  for (const token of tokens) {
    if (!isDrawn(token)) continue;
    if (token.type === "text" && tight) inline(element, token.tokens ?? [token]);
    else element.append(drawBlock(token));
  }
}

/** @param {Token} token @returns {HTMLElement} */
function drawList(token) {
  const list = make(token.ordered ? "ol" : "ul");
  if (token.ordered && token.start !== 1 && token.start !== "") /** @type {HTMLOListElement} */ (list).start = Number(token.start);
  list.append(...token.items.map(drawItem));
  return list;
}

/** @param {Token} item */
export function drawItem(item) {
  const element = make("li", item.task ? "task" : "");
  if (item.task) {
    const box = make("input");
    box.type = "checkbox";
    box.checked = item.checked;
    box.disabled = true;
    element.append(box, " ");
  }
  drawTokens(element, item.tokens, !item.loose);
  return element;
}

/**
 * @param {Token[]} cells
 * @param {"th" | "td"} tag
 * @param {(string | null)[]} align of each column
 */
export function drawRow(cells, tag, align) {
  return make("tr", "", ...cells.map((cell, at) => {
    const element = make(tag, align[at] === "right" ? "right" : align[at] === "center" ? "center" : "");
    if (tag === "th") /** @type {HTMLTableCellElement} */ (element).scope = "col";
    return withInline(element, cell.tokens);
  }));
}

/** @param {Token} token */
function drawTable(token) {
  const table = make("table", "table",
    make("thead", "", drawRow(token.header, "th", token.align)),
    make("tbody", "", ...token.rows.map((/** @type {Token[]} */ cells) => drawRow(cells, "td", token.align))));
  const wrap = make("div", "table-wrap", table);
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "region");
  wrap.setAttribute("aria-label", token.header.map((/** @type {Token} */ cell) => cell.text).join(", "));
  return wrap;
}

/** @param {HTMLElement} element @param {Token[]} tokens @returns {HTMLElement} */
function withInline(element, tokens) {
  inline(element, tokens);
  return element;
}

/** @param {HTMLElement} element @param {Token[]} tokens */
function inline(element, tokens) {
  for (const token of tokens) element.append(drawInline(token));
}

/** One node. @param {Token} token @returns {Node | string} */
export function drawInline(token) {
  switch (token.type) {
    case "text": return token.tokens ? withInline(make("span"), token.tokens) : decodeEntities(token.text);
    case "escape": return token.text;
    case "strong": return withInline(make("strong"), token.tokens);
    case "em": return withInline(make("em"), token.tokens);
    case "del": return withInline(make("del"), token.tokens);
    case "codespan": return make("code", "", token.text);
    case "br": return make("br");
    case "link": return drawLink(token);
    case "image": return drawImage(token);
    case "cite": return drawCites(token);
    case "math": return formula(token.text, token.display);
    default: return token.raw ?? "";
  }
}

/** @param {string} address */
const isWeb = (address) => /^(https?:|mailto:)/i.test(address);

/** @param {Token} token @returns {HTMLElement} */
function drawLink(token) {
  if (!isWeb(token.href)) return withInline(make("span"), token.tokens);
  const link = make("a");
  link.href = token.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  if (token.title) link.title = token.title;
  return withInline(link, token.tokens);
}

/** A picture that a text brings along is shown; one that lies elsewhere would tell that place who reads, so it is a link. @param {Token} token */
function drawImage(token) {
  if (/^data:image\/(png|jpeg|gif|webp);base64,/.test(token.href)) {
    const image = make("img");
    image.src = token.href;
    image.alt = token.text;
    return image;
  }
  return drawLink({ ...token, tokens: [{ type: "text", text: token.text || token.href }] });
}
