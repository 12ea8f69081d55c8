// What is going on before and while an answer comes: its place in the queue, how far the prompt is, tokens and their speed.

import { duration, number, speed, tokens } from "../../base/format.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";

/** @typedef {import("../running.js").Running} Running */

const dot = () => html`<span class="faint">·</span>`;

/** @param {Running} live */
export function progress(live) {
  if (live.lost) return html`<p class="live"><span class="lamp lamp-warn"></span>${say("progress.lost")}<span class="faint">${say("progress.lost.why")}</span></p>`;
  switch (live.phase) {
    case "waiting":
      return html`<p class="live"><span class="lamp lamp-live"></span>${say("progress.waiting")}</p>`;
    case "queue":
      return html`<p class="live"><span class="lamp"></span>${live.place > 1 ? say("progress.queue", { n: live.place }) : say("progress.next")}</p>`;
    case "load": return loadBar(live);
    case "prompt": return promptBar(live);
    case "reasoning":
    case "text":
      return html`<p class="live"><span class="lamp lamp-live"></span>${tokens(live.tokens)}${live.speed ? html`${dot()}${speed(live.speed)}` : ""}${dot()}${say("figures.first", { time: duration(live.firstAt - live.began) })}</p>`;
  }
}

/** @param {Running} live */
function loadBar({ load }) {
  const share = Math.round(100 * load.fraction);
  return html`<div class="stack-8"><p class="live"><span class="lamp lamp-live"></span>${say("progress.load", { model: load.model })}<span class="faint">${say("progress.percent", { n: share })}</span></p>
    <svg class="bar bar-thin" aria-hidden="true"><rect class="fill-2" width=${`${share}%`}></rect></svg></div>`;
}

/** @param {Running} live */
function promptBar(live) {
  const { done, total, cached } = live.prompt;
  const seconds = (performance.now() - live.promptBegan) / 1000;
  const rate = seconds > 0.3 ? (done - live.promptFrom) / seconds : 0;
  const left = rate > 0 ? ((total - done) / rate) * 1000 : 0;
  const share = total ? (100 * done) / total : 0;
  return html`<div class="stack-8"><p class="live"><span class="lamp lamp-live"></span>${say("progress.prompt")}
    <span class="faint">${say("progress.prompt.of", { done: number(done), total: number(total) })}${cached ? ` · ${say("progress.cached", { n: cached })}` : ""}${rate
      ? ` · ${speed(rate)}` : ""}${left > 2000 ? ` · ${say("progress.left", { time: duration(left) })}` : ""}</span></p>
    <svg class="bar bar-thin" role="img" aria-label=${say("progress.percent", { n: Math.round(share) })}><rect class="fill-2" width=${`${share}%`}></rect></svg></div>`;
}
