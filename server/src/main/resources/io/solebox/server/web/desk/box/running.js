// Answers that are not over: who asked, how far they are, and their end by an administrator.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { duration, number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { press } from "../parts/forms.js";
import { loads, nothingThere } from "../parts/loads.js";

/**
 * @typedef {{number: number, model: string, user: string, key: string, seconds: number, ahead?: number,
 *   prompt_tokens: number, cached_tokens: number, processed_tokens: number, generated_tokens: number}} Answer
 * @typedef {{answers: Answer[], names: Map<string, string>}} Running
 */

const LOOK_MS = 1000;

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  /** @type {Map<string, string> | undefined} */
  let names;
  const running = loads(async () => {
    names ??= await readNames();
    return /** @type {Running} */ ({ answers: (await ask("GET", "/admin/answers")).data, names });
  }, place.redraw);
  let going = false;
  const look = async () => {
    if (going || document.hidden) return;
    going = true;
    await running.load();
    going = false;
  };
  look();
  const timer = setInterval(look, LOOK_MS);

  /** @param {Answer} answer */
  const stop = (answer) => press(place.complain, async () => {
    await ask("DELETE", `/admin/answers/${answer.number}/${answer.model.split("/").map(encodeURIComponent).join("/")}`);
    await running.load();
  });

  /** @param {Answer} answer */
  function progress(answer) {
    if (answer.ahead !== undefined) return html`<span class="lamp"></span>${say("running.waits", { n: answer.ahead })}`;
    const read = answer.prompt_tokens ? answer.processed_tokens / answer.prompt_tokens : 1;
    if (!answer.generated_tokens && read < 1) {
      return html`<span class="lamp lamp-live"></span>${say("running.reads", { done: answer.processed_tokens, all: answer.prompt_tokens })}
        <svg class="bar bar-thin" role="img" aria-label=${say("percent", { n: Math.round(100 * read) })}>${svg`<rect class="fill-2" width=${`${100 * read}%`}></rect>`}</svg>`;
    }
    return html`<span class="lamp lamp-live"></span>${say("running.writes", { n: answer.generated_tokens })}`;
  }

  /** @param {Answer} answer @param {Map<string, string>} who */
  const line = (answer, who) => html`<tr><th scope="row">${answer.model}</th>
    <td>${who.get(answer.user) ?? (answer.user || say("account.local"))}${answer.key ? html` <span class="badge">${icon("key-round")}${say("key")}</span>` : ""}</td>
    <td><div class="row">${progress(answer)}</div></td><td class="right">${number(answer.prompt_tokens)}</td><td class="right">${number(answer.generated_tokens)}</td>
    <td class="right">${duration(answer.seconds * 1000)}</td>
    <td class="right"><button class="btn btn-small" @click=${stop(answer)} aria-label=${say("running.stop.named", { name: answer.model })}>${icon("square")}${say("stop")}</button></td></tr>`;

  return {
    stop: () => clearInterval(timer),
    view: () => html`<p class="soft">${say("running.about")}</p><section class="card" aria-label=${say("desk.running")}>${running.view(
      (now) => html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("desk.running")}><table class="table"><thead><tr><th scope="col">${say("model")}</th>
        <th scope="col">${say("user")}</th><th scope="col">${say("state")}</th><th scope="col" class="right">${say("prompt.tokens")}</th>
        <th scope="col" class="right">${say("generated")}</th><th scope="col" class="right">${say("running.since")}</th><th scope="col"><span class="sr-only">${say("stop")}</span></th></tr></thead>
        <tbody>${now.answers.map((answer) => line(answer, now.names))}</tbody></table></div>`,
      { is: (now) => !now.answers.length, view: () => nothingThere(say("running.none")) },
    )}</section>`,
  };
}

/** What people are called, by their ids; nobody has one on a server without accounts. */
async function readNames() {
  const users = await ask("GET", "/admin/users").catch(() => ({ data: [] }));
  return new Map(users.data.map((/** @type {{id: string, name: string}} */ user) => [user.id, user.name]));
}
