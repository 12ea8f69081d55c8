// One turn of the conversation: what a person said, or an answer, with what can be done with it.

import { copyText } from "../../base/copy.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { guard } from "../../lib/lit-html/directives/guard.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain, again, goOn, remove, running, show } from "../chats.js";
import { chip } from "../composer/chip.js";
import { later } from "../later.js";
import { state } from "../state.js";
import { siblings } from "../tree.js";
import { figures, figuresLine, showsFigures } from "./figures.js";
import { progress } from "./progress.js";
import { reasoning } from "./reasoning.js";
import { textOf } from "./texts.js";

/** @typedef {import("../state.js").Message} Message */

const editors = later(() => import("./editor.js"));
const chances = later(() => import("./chances.js"));
const citations = later(() => import("../../knowledge/cites.js"));
const failures = later(() => import("./failure.js"));
const steps = later(() => import("../tools/steps.js"));

/** What an answer was given to read. @param {Message} message */
const sourcesOf = (message) => running.get(message.id)?.sources ?? message.sources;

/** What shows it, if there is any. @param {Message} message */
const citesOf = (message) => (sourcesOf(message) ? citations() : undefined);

/** Of one that is not whole: what says so. @param {Message} message */
const failureOf = (message) => (message.state === "failed" || message.state === "stopped" || message.finish === "length" ? failures() : undefined);

/** Whether a call of it waits for somebody's word. @param {Message} message */
const isAsked = (message) => message.steps?.some((step) => step.tool_calls.some((call) => call.state === "asked" || call.state === "unknown"));

/**
 * One that stands as it stood is not looked at again.
 * @param {Message} message
 * @param {boolean} last
 */
export function turn(message, last) {
  const draw = () => (message.role === "user" ? userTurn(message) : answerTurn(message, last));
  const moves = running.has(message.id) || isAsked(message) || state.get().editing === message.id || Array.isArray(message.logprobs);
  if (moves) return draw();
  const all = siblings(state.get().chat?.messages ?? [], message);
  return guard([message, last, all.map((one) => one.id).join(), showsFigures(message), failureOf(message), message.steps && steps(), citesOf(message)], draw);
}

/** @param {Message} message */
function userTurn(message) {
  const editing = state.get().editing === message.id && editors()?.editor;
  return html`<article class="turn turn-user" aria-label=${say("turn.you")} data-id=${message.id}>
    ${editing ? editing(message) : html`<div class="said"><p class="as-written" dir="auto">${message.text}</p>
      ${(message.attachments ?? []).map((one) => chip(one))}</div>`}
    <footer class="turn-foot">${branch(message)}<span class="turn-actions">
      ${action("pencil", "edit", () => state.set({ editing: message.id }))}
      ${copyButton(message.text)}
      ${action("trash-2", "delete", () => remove(message))}</span></footer></article>`;
}

/** @param {Message} message @param {boolean} last */
function answerTurn(message, last) {
  const live = running.get(message.id);
  const name = message.model ?? "";
  const before = (live ? live.steps : message.steps) ?? [];
  const sure = Array.isArray(message.logprobs) ? chances() : undefined;
  const editing = state.get().editing === message.id && editors()?.editor;
  return html`<article class=${last ? "turn turn-answer turn-last" : "turn turn-answer"} data-id=${message.id}
    aria-label=${say("turn.answer", { model: name })} aria-busy=${live ? "true" : "false"}>
    ${before.length ? steps()?.stepsOf(message, before, Boolean(live)) ?? "" : ""}
    ${reasoning(message, live)}
    ${editing ? editing(message) : sure?.showsChances(message) ? sure.chancesOf(message) : textOf(message)}
    ${citesOf(message)?.sourcesLine(message.id, sourcesOf(message) ?? []) ?? ""}
    ${live ? progress(live) : html`${failureOf(message)?.failure(message, last) ?? ""}
    <footer class="turn-foot">${figuresLine(message)}<span class="grow"></span><span class="turn-actions">
      ${copyButton([message.text, citesOf(message)?.asText(sourcesOf(message) ?? []) ?? ""].filter(Boolean).join("\n\n"))}
      ${action("refresh-cw", "turn.again", () => again(message).catch(complain))}
      ${sure?.chancesButton(message) ?? ""}
      <button class="btn btn-quiet btn-icon btn-small" aria-haspopup="menu" aria-label=${say("more")}
        @click=${(/** @type {Event} */ event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), more(message))}>${icon("ellipsis")}</button>
      </span>${branch(message)}</footer>${figures(message)}`}
  </article>`;
}

/** @param {Message} message @returns {import("../../base/menu.js").MenuItem[]} */
function more(message) {
  const others = state.get().models.filter((model) => model.id !== message.model && model.solebox.chat !== false);
  return [
    { word: say("edit"), icon: "pencil", run: () => state.set({ editing: message.id }) },
    { word: say("turn.continue"), icon: "play", run: () => goOn(message).catch(complain) },
    { word: say("turn.branch"), icon: "git-branch", run: () => state.set({ branchFrom: message.id }) },
    { word: say("delete"), icon: "trash-2", run: () => remove(message) },
    ...(others.length ? [{ label: say("turn.againWith") }] : []),
    ...others.map((model) => ({ word: model.id, icon: /** @type {const} */ ("refresh-cw"), run: () => again(message, { model: model.id }).catch(complain) })),
  ];
}

/** @param {import("../../base/icons.js").IconName} name @param {string} word @param {() => void} run */
const action = (name, word, run) => html`<button class="btn btn-quiet btn-icon btn-small" title=${say(word)} aria-label=${say(word)} @click=${run}>${icon(name)}</button>`;

/** Without the reasoning. @param {string} text */
const copyButton = (text) => action("copy", "copy", async () => {
  toast(say((await copyText(text)) ? "copied" : "copy.failed"));
});

/** Which of several this is. @param {Message} message */
function branch(message) {
  const all = siblings(state.get().chat?.messages ?? [], message);
  if (all.length < 2) return "";
  const at = all.findIndex((one) => one.id === message.id);
  /** @param {number} to */
  const go = (to) => { const other = all[to]; if (other) show(other.id); };
  return html`<nav class="branch" aria-label=${say("turn.branches")}>
    <button class="btn btn-quiet btn-icon btn-small" ?disabled=${at === 0} @click=${() => go(at - 1)} aria-label=${say("turn.previous")}>${icon("chevron-left")}</button>
    <span>${at + 1} / ${all.length}</span>
    <button class="btn btn-quiet btn-icon btn-small" ?disabled=${at === all.length - 1} @click=${() => go(at + 1)} aria-label=${say("turn.next")}>${icon("chevron-right")}</button></nav>`;
}
