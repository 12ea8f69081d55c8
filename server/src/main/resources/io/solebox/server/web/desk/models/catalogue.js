// What the catalogue suggests for this machine, before a byte is fetched.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { bytes, number, short } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";

/**
 * @typedef {{pull: string, name: string, title: string, class: string, uses: string[], license: string, gated: boolean, parameters: number,
 *   context_tokens: number, format: string, bytes: number, needed_bytes?: number, fits: boolean, tokens_per_second?: number}} Suggestion
 */

/** To two digits: more would look like a measurement. @param {number} speed */
const rough = (speed) => (speed >= 10 ? number(Number(speed.toPrecision(2))) : number(speed, 1));

/**
 * @param {import("../main.js").Place} place
 * @param {import("./works.js").Works} work
 * @param {(pull: string) => boolean} isHere
 */
export function catalogue(place, work, isHere) {
  const all = loads(async () => /** @type {Suggestion[]} */ ((await ask("GET", "/admin/catalogue")).data), place.redraw);
  all.load();
  let use = "";
  let onlyFits = true;

  /** @param {Suggestion} model */
  const line = (model) => html`<tr><th scope="row">${model.title}<div class="small faint">${short(model.parameters)} · ${model.license}${model.gated ? ` · ${say("catalogue.gated")}` : ""}</div></th>
    <td class="soft">${model.uses.join(", ")}</td><td class="mono">${model.format}</td><td class="right">${bytes(model.bytes)}</td>
    <td class="right">${model.needed_bytes === undefined ? "–" : bytes(model.needed_bytes)}</td>
    <td>${model.fits ? html`<span class="badge badge-good">${say("catalogue.fits")}</span>` : html`<span class="badge badge-bad">${say("catalogue.fits.not")}</span>`}</td>
    <td class="right">${model.tokens_per_second === undefined ? "–" : `≈ ${rough(model.tokens_per_second)}`}</td>
    <td class="right">${isHere(model.pull) ? html`<span class="badge">${icon("check")}${say("models.here")}</span>` : puller(model)}</td></tr>`;

  /** @param {Suggestion} model */
  const puller = (model) => html`<button class="btn btn-small" ?disabled=${!model.fits || place.me.airGap || work.isPulled(model.pull)} @click=${() => work.pull(model.pull)}
      aria-label=${say("pull.named", { name: model.title })}>${icon("download")}${say("pull.do")}</button>`;

  /** @param {Suggestion[]} data */
  function full(data) {
    const uses = [...new Set(data.flatMap((model) => model.uses))];
    const shown = data.filter((model) => (!onlyFits || model.fits) && (!use || model.uses.includes(use)));
    const filters = html`<div class="segments" role="group" aria-label=${say("catalogue.use")}>${["", ...uses].map((word) => html`<button aria-pressed=${use === word}
        @click=${() => { use = word; place.redraw(); }}>${word || say("models.all")}</button>`)}</div>
      <label class="row small"><input class="switch" type="checkbox" role="switch" .checked=${onlyFits} @change=${() => { onlyFits = !onlyFits; place.redraw(); }}>${say("catalogue.fits")}</label>`;
    return card("catalogue", say("catalogue.title"), html`${place.me.airGap ? html`<p class="card-body soft">${say("catalogue.airgap")}</p>` : ""}
      <div class="table-wrap" tabindex="0" role="group" aria-label=${say("catalogue.title")}><table class="table"><thead><tr><th scope="col">${say("model")}</th><th scope="col">${say("catalogue.use")}</th>
      <th scope="col">${say("quantize.format")}</th><th scope="col" class="right">${say("catalogue.size")}</th><th scope="col" class="right">${say("memory.title")}</th><th scope="col">${say("catalogue.here")}</th>
      <th scope="col" class="right">${say("catalogue.speed")}</th><th scope="col"><span class="sr-only">${say("pull.do")}</span></th></tr></thead><tbody>${shown.map(line)}</tbody></table></div>
      ${shown.length ? "" : nothingThere(say("models.none.found"))}
      <footer class="card-foot small faint">${say("catalogue.about")}</footer>`, filters);
  }

  return { view: () => all.view(full, { is: (data) => !data.length, view: () => "" }) };
}
