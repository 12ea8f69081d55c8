// All figures of an answer.

import { duration, moment, number, speed, tokens } from "../../base/format.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";

/** @typedef {import("../state.js").Message} Message */

/** @param {Message} message */
export function figures(message) {
  const { usage } = message;
  if (!usage) return "";
  const cached = usage.cached_tokens ?? 0;
  /** @type {[string, string][]} */
  const rows = [
    [say("figures.prompt"), cached ? say("figures.prompt.cached", { n: usage.prompt_tokens, cached: number(cached) }) : tokens(usage.prompt_tokens)],
    [say("figures.promptSpeed"), usage.prompt_per_second ? speed(usage.prompt_per_second) : ""],
    [say("figures.generated"), tokens(usage.completion_tokens)],
    [say("figures.speed"), usage.tokens_per_second ? speed(usage.tokens_per_second) : ""],
    [say("figures.ttft"), usage.ttft_ms === undefined ? "" : duration(usage.ttft_ms)],
    [say("figures.queue"), usage.queue_ms === undefined ? "" : duration(usage.queue_ms)],
    [say("figures.total"), usage.total_ms === undefined ? "" : duration(usage.total_ms)],
    [say("figures.seed"), message.options?.seed === undefined ? "" : String(message.options.seed)],
    [say("figures.end"), message.finish ?? message.state],
    [say("figures.when"), moment(message.created)],
  ];
  return html`<dl class="card pairs" id=${`figures-${message.id}`}>${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
