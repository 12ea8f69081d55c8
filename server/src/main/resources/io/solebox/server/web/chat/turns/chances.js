// How sure the model was of each token: colour by surprise, what else it might have said, and going on from there.

import "../apart/ready.js";
import { icon } from "../../base/icons.js";
import { number } from "../../base/format.js";
import { openMenu } from "../../base/menu.js";
import { fetchStyle } from "../../base/scripts.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain, goOn } from "../chats.js";
import { redraw } from "../state.js";

/**
 * @typedef {import("../state.js").Message} Message
 * @typedef {import("../state.js").TokenChance} TokenChance
 */

await fetchStyle("chat/turns/chances.css");

/** @type {Set<string>} the messages that are shown so */
const shown = new Set();

/** @param {Message} message @returns {TokenChance[]} */
const chances = (message) => (Array.isArray(message.logprobs) ? message.logprobs : []);

/** @param {Message} message */
export const showsChances = (message) => shown.has(message.id) && chances(message).length > 0;

/** @param {Message} message */
export function chancesButton(message) {
  if (!chances(message).length) return "";
  const toggle = () => {
    if (!shown.delete(message.id)) shown.add(message.id);
    redraw();
  };
  return html`<button class="btn btn-quiet btn-icon btn-small" aria-pressed=${shown.has(message.id)} title=${say("chances")} aria-label=${say("chances")} @click=${toggle}>${icon("gauge")}</button>`;
}

/** From 0, no surprise, to 4: in nats. @param {number} logprob */
export const surprise = (logprob) => Math.min(4, Math.floor(-logprob / 0.75));

/** @param {number} logprob */
const percent = (logprob) => `${number(100 * Math.exp(logprob), 1)} %`;

/** @param {Message} message */
export function chancesOf(message) {
  const all = chances(message);
  return html`<div class="prose"><p class="chances as-written" role="group" aria-label=${say("chances.label")}>${all.map((one, at) => html`<button
    class=${`chance chance-${surprise(one.logprob)}`} title=${title(one)} aria-haspopup="menu"
    @click=${(/** @type {Event} */ event) => alternatives(/** @type {HTMLElement} */ (event.currentTarget), message, all, at)}>${one.token}</button>`)}</p></div>`;
}

/** @param {TokenChance} one */
function title(one) {
  return [`${JSON.stringify(one.token)} ${percent(one.logprob)}`, ...(one.top ?? []).map(([token, logprob]) => `${JSON.stringify(token)} ${percent(logprob)}`)].join("\n");
}

/** @param {HTMLElement} button @param {Message} message @param {TokenChance[]} all @param {number} at */
function alternatives(button, message, all, at) {
  const before = all.slice(0, at).map((one) => one.token).join("");
  const others = (all[at]?.top ?? []).filter(([token]) => token !== all[at]?.token);
  openMenu(button, [
    { label: say("chances.goOn") },
    ...others.map(([token, logprob]) => ({
      word: JSON.stringify(token),
      note: percent(logprob),
      run: () => { shown.delete(message.id); goOn(message, before + token).catch(complain); },
    })),
  ]);
}
