// What a model thinks before it answers: one folded line with its duration.

import { duration } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { finished } from "../chats.js";
import { TextView } from "../text/view.js";

/** @type {Map<string, TextView>} */
const drawn = new Map();

/**
 * @param {import("../state.js").Message} message
 * @param {import("../running.js").Running | undefined} live
 */
export function reasoning(message, live) {
  const text = live ? live.reasoning : message.reasoning;
  if (!text) return "";
  const millis = live ? live.reasoningMs || undefined : message.reasoning_ms;
  const words = live?.phase === "reasoning" ? say("reasoning.now") : millis === undefined ? say("reasoning") : say("reasoning.for", { time: duration(Math.max(1, millis)) });
  return html`<details class="reasoning"><summary>${icon("chevron-right")}${words}</summary>${inside(message, text, live)}</details>`;
}

/** @param {import("../state.js").Message} message @param {string} text @param {import("../running.js").Running | undefined} live */
function inside(message, text, live) {
  const streamed = live ?? finished.get(message.id);
  if (streamed) return streamed.reasoningView.element;
  let view = drawn.get(message.id);
  if (!view || view.text !== text) {
    view = new TextView();
    view.show(text);
    drawn.set(message.id, view);
  }
  return view.element;
}
