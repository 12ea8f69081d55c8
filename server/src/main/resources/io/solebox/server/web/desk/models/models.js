// Models: the memory of the machine, what is there, what could be fetched, and files of one's own.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";
import { catalogue } from "./catalogue.js";
import { memoryCard } from "./memory.js";
import { modelRow } from "./row.js";
import { works } from "./works.js";

/**
 * @typedef {{name: string, state: string, stage?: string, fraction?: number, code?: string, pinned?: boolean,
 *   unloads_in_seconds?: number, kept: boolean, bytes?: number, format?: string, architecture?: string,
 *   parameters?: number, keeps?: boolean, holds?: Holding[]}} Model
 * @typedef {{device: string, model: string, weight_bytes: number, state_bytes: number, scratch_bytes: number}} Holding
 * @typedef {{device: string, capacity_bytes: number, free_bytes: number, holdings: Holding[]}} Device
 * @typedef {{models: Model[], devices: Device[], fetches: boolean}} Shelf `fetches`: whether there can be others than it was started with
 */

const LOOK_MS = 1500;

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const shelf = loads(async () => {
    const [models, memory] = await Promise.all([ask("GET", "/admin/shelf"), ask("GET", "/admin/memory")]);
    return /** @type {Shelf} */ ({ models: models.data, devices: memory.data, fetches: models.fetches });
  }, place.redraw);
  shelf.load();
  const timer = setInterval(() => { if (!document.hidden && shelf.data()) shelf.load(); }, LOOK_MS);
  const work = works(place, shelf.load);
  /** @type {ReturnType<typeof catalogue> | undefined} */
  let offered;
  const offers = () => (offered ??= catalogue(place, work, isHere));
  /** @param {string} pull a name of Hugging Face's, which the store writes without its host */
  const isHere = (pull) => shelf.data()?.models.some((model) => model.kept && `hf.co/${model.name}` === pull) ?? false;
  const row = modelRow(place, shelf.load, work);
  let find = "";
  let only = "all";

  /** @param {Model} model */
  const fits = (model) => (only === "all" || (only === "loaded" ? model.state !== "unloaded" && model.state !== "failed" : model.kept))
    && model.name.toLowerCase().includes(find.toLowerCase());

  /** @param {Shelf} now */
  function full(now) {
    const shown = now.models.filter((model) => !row.isGoing(model.name) && fits(model));
    return html`${memoryCard(now.devices)}
      <div class="row-wide"><div class="search grow">${icon("search")}<label class="sr-only" for="find-model">${say("models.find")}</label>
        <input class="input" id="find-model" type="search" placeholder=${say("models.find")} @input=${(/** @type {Event} */ event) => {
          find = /** @type {HTMLInputElement} */ (event.target).value; place.redraw(); }}></div>
        <div class="segments" role="group" aria-label=${say("models.show")}>${["all", "loaded", "store"].map((word) => html`<button aria-pressed=${only === word}
          @click=${() => { only = word; place.redraw(); }}>${say(`models.${word}`)}</button>`)}</div></div>
      ${card("models", say("models.here"), shown.length ? html`<ul class="shelf">${shown.map((model) => row.view(model, now.devices))}</ul>` : nothingThere(say("models.none.found")))}`;
  }

  return {
    stop: () => clearInterval(timer),
    actions: () => (!shelf.data()?.fetches ? "" : html`<button class="btn" @click=${work.importFile}>${icon("upload")}<span class="wide-only">${say("models.import")}</span></button>
      <button class="btn btn-primary" @click=${work.pullByName}>${icon("download")}${say("models.pull")}</button>`),
    view: () => html`${work.view()}${shelf.view(full, {
      is: (now) => !now.models.length,
      view: (now) => nothingThere(say("models.none"), !now.fetches ? "" : html`<button class="btn btn-primary" @click=${work.pullByName}>${icon("download")}${say("models.pull")}</button>`),
    })}${shelf.data()?.fetches ? offers().view() : ""}`,
  };
}
