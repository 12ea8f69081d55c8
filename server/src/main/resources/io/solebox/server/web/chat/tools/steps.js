// What a model said, called and heard on the way to its answer: each call a card, and while it waits, a question.

import { icon } from "../../base/icons.js";
import { fetchStyle } from "../../base/scripts.js";
import { addWords, say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain, decide } from "../chats.js";
import { redraw } from "../state.js";
import { TextView } from "../text/view.js";

/**
 * @typedef {import("../state.js").Message} Message
 * @typedef {import("../state.js").Step} Step
 * @typedef {import("../state.js").Call} Call
 */

await Promise.all([addWords({}, (language) => import(`./words/${language}.js`)), fetchStyle("chat/tools/tools.css")]);

/** @type {Record<Call["state"], import("../../base/icons.js").IconName>} */
const ICONS = { asked: "circle-help", approved: "clock", running: "zap", done: "check", failed: "triangle-alert", refused: "ban", unknown: "circle-help" };

/** @type {Map<string, TextView>} */
const drawn = new Map();
/** What somebody has decided, and the server has not heard yet. @type {Set<string>} */
const deciding = new Set();

/** @param {string} key @param {string} text */
function drawnText(key, text) {
  let view = drawn.get(key);
  if (!view || view.text !== text) {
    view = new TextView();
    view.show(text);
    drawn.set(key, view);
  }
  return view.element;
}

/** @param {Message} message @param {Step[]} steps @param {boolean} live whether the answer is being written */
export const stepsOf = (message, steps, live) => html`<div class="steps">${steps.map((step, at) => html`
  ${step.reasoning ? html`<details class="reasoning"><summary>${icon("chevron-right")}${say("reasoning")}</summary>${drawnText(`${message.id} ${at} thought`, step.reasoning)}</details>` : ""}
  ${step.text.trim() ? drawnText(`${message.id} ${at}`, step.text) : ""}
  ${step.tool_calls.map((call) => callOf(message, call, live))}`)}</div>`;

/** @param {Message} message @param {Call} call @param {boolean} live */
function callOf(message, call, live) {
  const open = !live && (call.state === "asked" || call.state === "unknown");
  return html`<details class=${`call call-${call.state}`} ?open=${open} aria-label=${say("call.of", { name: call.name })}>
    <summary>${icon(ICONS[call.state])}<span class="mono">${call.name}</span><span class="cut mono">${open ? "" : call.result ?? call.arguments}</span>
      <span class="faint nowrap">${say(`call.state.${call.state}`)}</span></summary>
    <div class="call-body"><span class="label">${say("call.arguments")}</span><pre class="mono" dir="auto" tabindex="0">${pretty(call.arguments)}</pre>
      ${call.result ? html`<span class="label">${say("call.result")}</span><pre class="mono" dir="auto" tabindex="0">${call.result}</pre>` : ""}
      ${open ? question(message, call) : ""}</div></details>`;
}

/** @param {Message} message @param {Call} call */
function question(message, call) {
  const key = `${message.id} ${call.id}`;
  /** @param {"once" | "chat" | "always" | "refuse"} decision @param {string} kind */
  const button = (decision, kind) => html`<button type="button" class=${`btn btn-small ${kind}`} ?disabled=${deciding.has(key)} @click=${async () => {
    deciding.add(key);
    redraw();
    await decide(message, call, decision).catch(complain);
    deciding.delete(key);
    redraw();
  }}>${say(`call.${decision}`)}</button>`;
  return html`<div class="stack-8" role="group" aria-label=${say("call.of", { name: call.name })}>
    <p>${say(call.state === "unknown" ? "call.question.unknown" : "call.question")}</p>
    <div class="row">${button("once", "btn-primary")}${button("chat", "")}${button("always", "")}${button("refuse", "btn-quiet")}</div></div>`;
}

/** As it was written where it is no JSON. @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
