// The board's controller: what it does, the fault that it has latched with what helps, its rails, fans and temperatures.

import { html } from "../../lib/lit-html/lit-html.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { OTHERS, reading } from "./gpu.js";

/** @typedef {{name: string, state: string, fault: string, fault_words: string | null, remedy: string | null, throttles: boolean, asks_to_stop: boolean, misses_host: boolean}} Board */
/** @typedef {import("./readings.js").Device} Device */

/** Whether a device is a part of it. @param {Device} device */
export const isOfBoard = (device) => device.kind === "controller";

/** States in which the module works. */
const POWERED = ["run", "stopping"];

/** @param {Board} its */
function badge(its) {
  const kind = its.state === "fault" ? "badge-bad" : !POWERED.includes(its.state) || its.throttles ? "badge-warn" : "badge-good";
  return html`<span class="badge ${kind}">${say(`board.${its.state}`)}</span>`;
}

/** @param {Board} its */
function notes(its) {
  const fault = its.fault_words ?? "";
  return [
    its.fault === "none" ? "" : html`<p><b>${fault.charAt(0).toUpperCase()}${fault.slice(1)}.</b></p><p class="small">${its.remedy}</p>`,
    its.throttles ? html`<p class="small soft">${say(its.misses_host ? "board.late" : "board.throttles")}</p>` : "",
    its.asks_to_stop ? html`<p class="small soft">${say("board.button")}</p>` : "",
  ];
}

/**
 * @param {Board} its @param {Device[]} devices its parts
 * @param {import("./readings.js").Trail} trail @param {number} spanMs
 */
export function board(its, devices, trail, spanMs) {
  return html`<section class="card" id="card-board" aria-labelledby="board-title"><header class="card-head">${icon("cpu")}<h2 class="grow" id="board-title">${say("hardware.board", { name: its.name })}</h2>${badge(its)}</header>
    <div class="card-body">${notes(its)}<div class="readings">${devices.map((device) => html`<div class="stack-4"><h3 class="small">${device.id === "board" ? say("board.sink") : device.name}</h3>
      ${OTHERS.map((what) => reading(device, what, trail, spanMs))}</div>`)}</div></div></section>`;
}
