// What an answer cost: one faint line, and all figures on a click.

import { duration, speed, tokens } from "../../base/format.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { later } from "../later.js";
import { redraw } from "../state.js";

/** @typedef {import("../state.js").Message} Message */

/** @type {Set<string>} the messages whose figures are shown */
const open = new Set();

const details = later(() => import("./details.js"));

/** What shows all figures of a message, if they are shown. @param {Message} message */
export const showsFigures = (message) => (open.has(message.id) ? details() : undefined);

/** @param {Message} message */
export function figuresLine(message) {
  const { usage } = message;
  const line = [
    message.model ?? "",
    usage ? tokens(usage.completion_tokens) : "",
    usage?.tokens_per_second ? speed(usage.tokens_per_second) : "",
    usage?.ttft_ms ? say("figures.first", { time: duration(usage.ttft_ms) }) : "",
  ].filter(Boolean).join(" · ");
  if (!usage) return html`<span class="figures">${line}</span>`;
  const toggle = () => {
    if (!open.delete(message.id)) open.add(message.id);
    redraw();
  };
  return html`<button class="figures" aria-expanded=${open.has(message.id)} aria-controls=${`figures-${message.id}`} @click=${toggle}>${line}</button>`;
}

/** @param {Message} message */
export const figures = (message) => showsFigures(message)?.figures(message) ?? "";
