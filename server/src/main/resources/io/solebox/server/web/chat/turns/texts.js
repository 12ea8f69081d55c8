// The drawn text of each answer. Those near the end are drawn first; a long chat's beginning follows when there is time.

import { slowly } from "../../base/slices.js";
import { finished, running } from "../chats.js";
import { TextView } from "../text/view.js";

/** @typedef {import("../state.js").Message} Message */

/** @type {Map<string, TextView>} */
const drawn = new Map();
/** @type {{view: TextView, text: string}[]} those still to be drawn, the last ones first */
let waiting = [];
/** How many characters are drawn at once before the rest waits. */
const AT_ONCE = 4000;
let spent = 0;
let hear = () => {};

/** Hears after each drawing, for those who scroll along. @param {() => void} hearer */
export function onTextDrawn(hearer) {
  hear = hearer;
}

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
  const text = readable(message);
  const live = running.get(message.id) ?? finished.get(message.id);
  if (live && (message.state === "running" || live.view.text === text)) return live.view.element;
  let view = drawn.get(message.id);
  if (view && view.text === text) return view.element;
  view = new TextView();
  if (message.sources) view.cite(message.sources);
  drawn.set(message.id, view);
  if (spent < AT_ONCE) {
    spent += text.length;
    view.show(text);
  } else {
    view.plain(text);
    if (!waiting.length) slowly(drawNext);
    waiting.push({ view, text });
  }
  view.onDrawn(() => hear()); // from now on: its beginning is a part of the page's own drawing
  return view.element;
}

/** An answer that had to be JSON is shown as such, one member a line. @param {Message} message */
function readable(message) {
  if (message.state !== "done" || !message.options?.response_format) return message.text;
  try {
    return `\`\`\`json\n${JSON.stringify(JSON.parse(message.text), null, 2)}\n\`\`\``;
  } catch {
    return message.text;
  }
}

function drawNext() {
  const next = waiting.pop();
  next?.view.show(next.text);
  if (waiting.length) slowly(drawNext);
}
