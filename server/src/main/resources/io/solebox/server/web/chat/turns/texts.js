// The drawn text of each answer. Those near the end are drawn first; a long chat's beginning follows when there is time.

import { finished, running } from "../chats.js";
import { TextView } from "../text/view.js";

/** @typedef {import("../state.js").Message} Message */

/** @type {Map<string, TextView>} */
const drawn = new Map();
/** @type {{view: TextView, text: string}[]} those still to be drawn, the last ones first */
let waiting = [];
let busy = false;
/** How many characters are drawn at once before the rest waits. */
const AT_ONCE = 20_000;
let spent = 0;

/** A chat is left: what was drawn of it is not kept. */
export function forgetTexts() {
  drawn.clear();
  finished.clear();
  waiting = [];
  spent = 0;
}

/**
 * @param {Message} message
 * @returns {HTMLElement}
 */
export function textOf(message) {
  const live = running.get(message.id) ?? finished.get(message.id);
  if (live && (message.state === "running" || live.view.text === message.text)) return live.view.element;
  let view = drawn.get(message.id);
  if (view && view.text === message.text) return view.element;
  view = new TextView();
  drawn.set(message.id, view);
  if (spent < AT_ONCE) {
    spent += message.text.length;
    view.show(message.text);
  } else {
    view.plain(message.text);
    waiting.push({ view, text: message.text });
    later();
  }
  return view.element;
}

function later() {
  if (busy) return;
  busy = true;
  setTimeout(() => {
    busy = false;
    const end = performance.now() + 8;
    while (waiting.length && performance.now() < end) {
      const next = /** @type {{view: TextView, text: string}} */ (waiting.pop());
      next.view.show(next.text);
    }
    if (waiting.length) later();
  }, 16);
}
