// The page of two answers beside each other.

import "../apart/ready.js";
import { sideButton } from "../../base/frame.js";
import { duration, speed, tokens } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { composing } from "../../base/keys.js";
import { openLive } from "../../base/menubox.js";
import { fetchStyle } from "../../base/scripts.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain } from "../chats.js";
import { note } from "../composer/modelmenu.js";
import { lamp } from "../composer/models.js";
import { go } from "../routes.js";
import { redraw, state } from "../state.js";
import { progress } from "../turns/progress.js";
import { askAll, beginAgain, compared, isComparing, keepSide, modelOf, stopAll } from "./sides.js";

/** @typedef {import("./sides.js").Side} Side */

await fetchStyle("chat/compare/compare.css");

const LETTERS = ["A", "B"];

const field = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById("ask-both"));

async function submit() {
  const written = field()?.value ?? "";
  if (!written.trim() || isComparing()) return;
  try {
    await askAll(written.trim());
    const area = field();
    // What was written meanwhile stays.
    if (area?.value.startsWith(written)) area.value = area.value.slice(written.length);
  } catch (error) {
    complain(error);
  }
  redraw();
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (composing(event) || event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  submit();
}

export const comparePage = () => html`${topbar()}${compare()}`;

function topbar() {
  const toggle = () => { compared.hidden = !compared.hidden; redraw(); };
  return html`<header class="topbar">${sideButton()}<h1 class="grow">${say("nav.compare")}</h1>
    <label class="row small soft" for="blind"><input class="switch" type="checkbox" id="blind" .checked=${compared.hidden} @change=${toggle}>${say("compare.hide")}</label>
    <button class="btn btn-quiet btn-icon" @click=${beginAgain} title=${say("compare.again")} aria-label=${say("compare.again")}>${icon("rotate-ccw")}</button></header>`;
}

function compare() {
  const busy = isComparing();
  const said = compared.sides[0]?.exchanges.at(-1)?.user.text;
  return html`${said ? html`<div class="compare-said"><p class="as-written" dir="auto">${said}</p></div>` : ""}
    <div class="compare">${compared.sides.map(column)}</div>
    <div class="composer-wrap composer-full"><form class="composer" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); submit(); }}>
      <label class="sr-only" for="ask-both">${say("compare.ask")}</label><textarea id="ask-both" rows="1" dir="auto" placeholder=${say("compare.ask")} @keydown=${key}></textarea>
      <div class="composer-tools"><span class="small faint">${compared.seed ? say("compare.seed", { seed: String(compared.seed) }) : say("compare.about")}</span><span class="grow"></span>
        ${busy ? html`<button class="btn btn-primary" type="button" @click=${() => stopAll().catch(complain)}>${icon("square", { kind: "icon-full" })}${say("stop")}</button>`
          : html`<button class="btn btn-primary btn-icon" aria-label=${say("composer.send")}>${icon("arrow-up")}</button>`}</div></form></div>`;
}

/** @param {Side} of @param {number} at */
function column(of, at) {
  const model = modelOf(of, at);
  const name = compared.hidden ? LETTERS[at] ?? "" : model;
  const label = compared.hidden ? name : `${LETTERS[at]}: ${model}`;
  const last = of.exchanges.at(-1);
  const keep = () => keepSide(of, at).then((id) => go(`/c/${id}`), complain);
  return html`<section aria-label=${label}><header class="compare-head"><span class=${compared.hidden ? "lamp" : lamp(state.get().models.find((one) => one.id === model))}></span>
      <h2 class="grow cut">${name}${of.temperature === undefined ? "" : html` <span class="faint">${say("option.temperature")} ${of.temperature}</span>`}</h2>
      <button class="btn btn-quiet btn-small" aria-haspopup="menu" @click=${(/** @type {Event} */ event) => openLive(/** @type {HTMLElement} */ (event.currentTarget), () => choices(of, at), state)}>${say("compare.change")}${icon("chevron-down")}</button></header>
    <div class="compare-body" tabindex="0" role="region" aria-label=${say("turn.answer", { model: label })}>${of.exchanges.map((each) => each.running.view.element)}</div>
    <footer class="compare-foot row">${!last ? html`<span class="figures">${say("compare.nothing")}</span>` : last.answer.state === "running" ? progress(last.running) : html`<span class="figures grow">${figures(last)}</span>
      <button class="btn btn-small" @click=${keep}>${say("compare.keep")}</button>`}</footer></section>`;
}

/** @param {import("./sides.js").Exchange} of */
function figures({ answer }) {
  const { usage } = answer;
  if (!usage) return answer.error?.message ?? "";
  return [tokens(usage.completion_tokens), usage.tokens_per_second ? speed(usage.tokens_per_second) : "",
    usage.ttft_ms ? say("figures.first", { time: duration(usage.ttft_ms) }) : ""].filter(Boolean).join(" · ");
}

/** @param {Side} of @param {number} at @returns {import("../../base/menu.js").MenuItem[]} */
function choices(of, at) {
  return [
    { label: say("nav.models") },
    ...state.get().models.map((model) => ({
      word: model.id, note: note(model), checked: model.id === modelOf(of, at),
      run: () => { of.model = model.id; redraw(); },
    })),
    { label: say("option.temperature") },
    ...[undefined, 0, 0.3, 0.7, 1, 1.3].map((value) => ({
      word: value === undefined ? say("option.usual") : String(value), checked: value === of.temperature,
      run: () => { of.temperature = value; redraw(); },
    })),
  ];
}
