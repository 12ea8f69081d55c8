// What the box measures of itself, what the guard makes of it, and what the doctor finds.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { number } from "../../base/format.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";
import { board, isOfBoard } from "./board.js";
import { findings } from "./findings.js";
import { OTHERS, WITH_PAST, gpu, reading } from "./gpu.js";
import { past as history } from "./past.js";
import { Trail, hottest, watts } from "./readings.js";

/** @typedef {import("./readings.js").Snapshot & {guard?: Guard, energy?: Energy, board?: import("./board.js").Board}} Hardware */
/** @typedef {{tokens_per_joule?: number, kwh_per_day?: number, cost_per_day?: number}} Energy of the time since the start */
/** @typedef {{level: string, why: string, devices: {device: string, level: string, why: string}[]}} Guard */

const LOOK_MS = 1000;
const SPAN_MS = 10 * 60_000;

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const trail = new Trail(SPAN_MS);
  let asked = false;
  const hardware = loads(async () => {
    const now = /** @type {Hardware} */ (await ask("GET", "/v1/hardware"));
    trail.add(now);
    past(now).catch(place.complain);
    return now;
  }, place.redraw);
  const doctor = findings(place);
  const plots = history(place);
  let going = false;
  const look = async () => {
    if (going || document.hidden) return;
    going = true;
    await hardware.load();
    going = false;
  };
  look();
  const timer = setInterval(look, LOOK_MS);

  /** Lines begin before one looked. @param {Hardware} now */
  async function past(now) {
    if (asked || !now.devices.some((each) => each.kind === "gpu")) return;
    asked = true;
    const { data } = await ask("GET", `/v1/hardware/history?${new URLSearchParams({ metric: WITH_PAST.join(), hours: "1" })}`);
    for (const each of /** @type {import("./readings.js").Series[]} */ (data)) {
      trail.before(each.id, each.metric, each.points.map(([seconds, mean]) => ({ at: seconds * 1000, value: mean })));
    }
  }

  /** @param {Hardware} now */
  function stats(now) {
    const hot = hottest(now);
    const power = watts(now);
    const level = now.guard?.level;
    const boards = level === "warn" && now.guard?.devices.every((each) => each.level === "normal" || each.device === "board");
    return html`<dl class="card stats stats-3">
      <div class="stat"><dt>${say("hardware.guard")}</dt><dd class="row"><span class="lamp ${level === undefined ? "" : level === "normal" ? "lamp-on" : level === "warn" ? "lamp-warn" : "lamp-bad"}"></span>${say(level === undefined ? "guard.none" : boards ? "guard.warn.board" : `guard.${level}`)}</dd>
        <dd class="note">${now.guard?.why || (level === undefined ? say("guard.none.why") : say("guard.normal.why"))}</dd></div>
      <div class="stat"><dt>${say(power.wall ? "hardware.wall" : "hardware.power")}</dt><dd>${power.sum === undefined ? "–" : html`${number(power.sum)} <small>W</small>`}</dd>
        <dd class="note">${say(power.sum === undefined ? "hardware.power.none" : power.wall ? "hardware.wall.why" : "hardware.power.why")}</dd>${energy(now.energy)}</div>
      <div class="stat"><dt>${say("hardware.hottest")}</dt><dd>${hot ? html`${number(hot.celsius)} <small>°C</small>` : "–"}</dd>
        <dd class="note">${hot ? html`${hot.device.name}${hot.limit === undefined ? "" : html`, ${say("hardware.margin", { n: number(hot.limit - hot.celsius) })}`}` : ""}</dd></div></dl>`;
  }

  /** @param {Energy | undefined} spent */
  function energy(spent) {
    const { tokens_per_joule: tokens, kwh_per_day: kwh, cost_per_day: cost } = spent ?? {};
    if (tokens === undefined || kwh === undefined) return "";
    const used = say("hardware.energy", { t: number(tokens, 2), k: number(kwh, 1) });
    return html`<dd class="note">${cost === undefined ? used : `${used}, ${say("hardware.cost", { c: number(cost, 2) })}`}</dd>`;
  }

  /** @param {Hardware} now */
  function others(now) {
    const rest = now.devices.filter((device) => device.kind !== "gpu" && !(now.board && isOfBoard(device)));
    return rest.length ? card("sensors", say("hardware.sensors"), html`<div class="card-body grid">${rest.map((device) => html`<div class="stack-4"><h3 class="small">${device.name}</h3>
      <div class="readings">${OTHERS.map((what) => reading(device, what, trail, SPAN_MS))}</div></div>`)}</div>`) : "";
  }

  /** What did not answer, with why. @param {Hardware} now */
  const silent = (now) => {
    const quiet = now.sources.filter((source) => source.why);
    return quiet.length ? card("sources", say("hardware.sources"), html`<ul class="card-lines lines">${quiet.map((source) => row(html`<span class="mono">${source.name}</span>`, source.why,
      html`<span class="badge">${say(`source.${source.state}`)}</span>`))}</ul>`) : "";
  };

  /** @param {Hardware} now */
  function view(now) {
    const gpus = now.devices.filter((device) => device.kind === "gpu");
    return html`${stats(now)}${gpus.length ? html`<div class="grid">${gpus.map((device) => gpu(device, trail, SPAN_MS, now.guard?.devices.find((each) => each.device === device.id)))}</div>`
      : html`<div class="card">${nothingThere(say("hardware.no.gpu"))}</div>`}${now.board ? board(now.board, now.devices.filter(isOfBoard), trail, SPAN_MS) : ""}${others(now)}${silent(now)}`;
  }

  const stop = () => {
    clearInterval(timer);
    plots.stop();
  };
  return { stop, view: () => html`${hardware.view(view)}${plots.view()}${doctor()}` };
}
