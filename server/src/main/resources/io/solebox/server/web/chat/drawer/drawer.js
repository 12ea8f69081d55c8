// Settings of a chat: what it is told, how it is answered, what it has cost.

import { number, tokens } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { fetchStyle } from "../../base/scripts.js";
import { addWords, say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { later } from "../later.js";
import { contextOf, countTokens } from "../composer/count.js";
import { changeSettings } from "../settings.js";
import { redraw, state, toggleDrawer } from "../state.js";
import { personaField } from "./personas.js";
import { defaults, options, sampling, setOption, wholeNumber } from "./sampling.js";
import { structure } from "./structure.js";

await Promise.all([addWords({}, (language) => import(`./words/${language}.js`)), fetchStyle("chat/drawer/drawer.css")]);

const knowledge = later(() => import("../../knowledge/chosen.js"));

let systemTokens = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let counting;

/** @param {Event} event */
function systemChanged(event) {
  const system = /** @type {HTMLTextAreaElement} */ (event.target).value;
  changeSettings({ system });
  clearTimeout(counting);
  counting = setTimeout(async () => {
    systemTokens = (await countTokens(system).catch(() => undefined)) ?? 0;
    redraw();
  }, 400);
}

const EFFORTS = /** @type {const} */ (["none", "low", "medium", "high"]);

function effort() {
  const now = options().reasoning_effort;
  return html`<div class="field"><span class="label" id="effort-label">${say("option.reasoning_effort")}</span>
    <div class="segments" role="group" aria-labelledby="effort-label"><button type="button" aria-pressed=${now === undefined} @click=${() => setOption("reasoning_effort")}>${say("option.usual")}</button>
    ${EFFORTS.map((one) => html`<button type="button" aria-pressed=${now === one} @click=${() => setOption("reasoning_effort", one)}>${say(`option.effort.${one}`)}</button>`)}</div></div>`;
}

function chances() {
  const on = options().logprobs === true;
  const toggle = () => {
    setOption("logprobs", on ? undefined : true);
    setOption("top_logprobs", on ? undefined : 5);
  };
  return html`<div class="setting"><label for="logprobs">${say("option.logprobs")}</label><input class="switch" type="checkbox" id="logprobs" .checked=${on} @change=${toggle}>
    <p class="hint">${say("option.logprobs.hint")}</p></div>`;
}

/** What the whole chat has cost, on all its branches. */
function totals() {
  const messages = state.get().chat?.messages ?? [];
  const used = messages.flatMap((one) => one.usage ?? []);
  if (!used.length) return "";
  /** @param {(usage: import("../state.js").Usage) => number | undefined} what */
  const sum = (what) => used.reduce((all, usage) => all + (what(usage) ?? 0), 0);
  const size = contextOf();
  return html`<section class="stack-8"><h3>${say("totals")}</h3><dl class="pairs">
    <dt>${say("totals.answers")}</dt><dd>${number(used.length)}</dd>
    <dt>${say("figures.prompt")}</dt><dd>${tokens(sum((one) => one.prompt_tokens))}</dd>
    <dt>${say("totals.cached")}</dt><dd>${tokens(sum((one) => one.cached_tokens))}</dd>
    <dt>${say("figures.generated")}</dt><dd>${tokens(sum((one) => one.completion_tokens))}</dd>
    ${size ? html`<dt>${say("totals.context")}</dt><dd>${tokens(size)}</dd>` : ""}</dl></section>`;
}

export function drawer() {
  const { settings } = state.get();
  return html`<aside class="drawer" id="settings" aria-label=${say("drawer")}>
    <header class="drawer-head"><h2 class="grow">${say("drawer.title")}</h2>
      <button class="btn btn-quiet btn-icon btn-small" @click=${toggleDrawer} aria-label=${say("drawer.close")}>${icon("x")}</button></header>
    <div class="drawer-body">${personaField()}
      <div class="field"><label for="system">${say("drawer.system")}</label>
        <textarea class="textarea" id="system" rows="4" dir="auto" .value=${settings.system ?? ""} @input=${systemChanged}></textarea>
        ${settings.system && systemTokens ? html`<p class="hint num">${tokens(systemTokens)}</p>` : ""}</div>
      ${knowledge()?.knowledgeField() ?? ""}${sampling()}${effort()}${wholeNumber("seed", say("option.seed.hint"))}${chances()}${structure()}${defaults()}${totals()}</div></aside>`;
}
