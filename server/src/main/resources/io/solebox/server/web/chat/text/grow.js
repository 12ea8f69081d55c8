// Makes of what is drawn of a block what it is now: what has not changed stays as it is, so that a text that grows is drawn once.

import { drawInline, drawItem, drawRow, drawTokens, isDrawn } from "./blocks.js";
import { decodeEntities } from "./entities.js";
import { growCode } from "./code.js";

/** @typedef {any} Token a token of marked */

/**
 * @param {HTMLElement} node as it was drawn
 * @param {Token} had of what it was drawn
 * @param {Token} now
 * @returns {boolean} false if it is to be drawn anew; it may be broken then
 */
export function grow(node, had, now) {
  if (had.type !== now.type) return false;
  switch (now.type) {
    case "code": return (had.lang ?? "") === (now.lang ?? "") && growCode(node, now.text ?? "", Boolean(now.open));
    case "list": return growList(node, had, now);
    case "table": return growTable(node, had, now);
    case "blockquote": return growTokens(node, 0, had.tokens, now.tokens, false);
    case "heading":
    case "paragraph": return (had.depth ?? 0) === (now.depth ?? 0) && growInline(node, 0, had.tokens, now.tokens);
    default: return had.raw === now.raw;
  }
}

/**
 * Words from a place in an element on; nothing may stand behind them.
 * @param {HTMLElement} element
 * @param {number} from how many nodes stand before them
 * @param {Token[]} had
 * @param {Token[]} now
 */
function growInline(element, from, had, now) {
  if (element.childNodes.length !== from + had.length) return false;
  let same = 0;
  while (same < had.length && same < now.length && had[same].type === now[same].type && had[same].raw === now[same].raw) same++;
  const node = element.childNodes[from + same];
  if (node instanceof Text && now[same]?.type === "text" && !now[same].tokens) {
    const text = decodeEntities(now[same].text);
    if (text.startsWith(node.data)) node.appendData(text.slice(node.length));
    else node.data = text;
    same++;
  }
  while (element.childNodes.length > from + same) element.lastChild?.remove();
  for (const token of now.slice(same)) element.append(drawInline(token));
  return true;
}

/** Into how many nodes a token is drawn: the words of a tight item stand in it as they are. @param {Token} token @param {boolean} tight */
function width(token, tight) {
  if (!isDrawn(token)) return 0;
  return token.type === "text" && tight ? (token.tokens ?? [token]).length : 1;
}

/**
 * Blocks in an item or a quote, and words in a tight item.
 * @param {HTMLElement} element
 * @param {number} from how many nodes stand before them
 * @param {Token[]} had
 * @param {Token[]} now
 * @param {boolean} tight
 */
function growTokens(element, from, had, now, tight) {
  if (element.childNodes.length !== had.reduce((sum, token) => sum + width(token, tight), from)) return false;
  let at = from;
  let same = 0;
  while (same < had.length && same < now.length && had[same].type === now[same].type && had[same].raw === now[same].raw) at += width(had[same++], tight);
  const before = had[same];
  const after = now[same];
  if (before && after && before.type === after.type && isDrawn(after)) {
    const behind = at + width(before, tight);
    while (element.childNodes.length > behind) element.lastChild?.remove();
    const grew = after.type === "text" && tight ? growInline(element, at, before.tokens ?? [before], after.tokens ?? [after])
      : grow(/** @type {HTMLElement} */ (element.childNodes[at]), before, after);
    if (grew) {
      drawTokens(element, now.slice(same + 1), tight);
      return true;
    }
  }
  while (element.childNodes.length > at) element.lastChild?.remove();
  drawTokens(element, now.slice(same), tight);
  return true;
}

/** @param {HTMLElement} list @param {Token} had @param {Token} now */
function growList(list, had, now) {
  if (had.ordered !== now.ordered || had.start !== now.start) return false;
  /** @type {Token[]} */ (now.items).forEach((item, at) => {
    const node = /** @type {HTMLElement | undefined} */ (list.children[at]);
    const before = had.items[at];
    if (node && before && before.loose === item.loose) {
      if (before.raw === item.raw) return;
      if (!before.task && !item.task && growTokens(node, 0, before.tokens, item.tokens, !item.loose)) return;
    }
    const drawn = drawItem(item);
    if (node) node.replaceWith(drawn);
    else list.append(drawn);
  });
  while (list.children.length > now.items.length) list.lastElementChild?.remove();
  return true;
}

/** @param {Token[]} one @param {Token[]} other */
const sameCells = (one, other) => one.length === other.length && one.every((cell, at) => cell.text === other[at].text);

/** @param {HTMLElement} wrap @param {Token} had @param {Token} now */
function growTable(wrap, had, now) {
  const body = wrap.querySelector("tbody");
  if (!body || !sameCells(had.header, now.header) || had.align.join() !== now.align.join()) return false;
  /** @type {Token[][]} */ (now.rows).forEach((cells, at) => {
    const row = body.rows[at];
    if (row && had.rows[at] && sameCells(had.rows[at], cells)) return;
    const drawn = drawRow(cells, "td", now.align);
    if (row) row.replaceWith(drawn);
    else body.append(drawn);
  });
  while (body.rows.length > now.rows.length) body.lastElementChild?.remove();
  return true;
}
