// What a model would need and give on a machine, this one or one of which only the parts are named: the words of `solebox plan`.

import { html } from "../../lib/lit-html/lit-html.js";
import { ref } from "../../lib/lit-html/directives/ref.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { addWords, say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads } from "../parts/loads.js";
import { field, former, select, text } from "../parts/forms.js";
import { inWords } from "./told.js";

/**
 * @typedef {{label: string, value: string, reason: string}} Line
 * @typedef {{title: string, lines: Line[], sentences: string[]}} Section
 * @typedef {{fits: boolean, sections: Section[], texts: Record<string, import("./told.js").Part[]>}} Planned
 */

await addWords({}, (language) => import(`./words/${language}.js`));

/** Fields of the request that are texts, and those that are numbers, with an example each. @type {[string, string][]} */
const MODEL = [["quantization", "Q4_K_M"], ["context", "8192"], ["clients", "1"], ["prompt", "512"], ["wanted", ""]];
/** @type {[string, string][]} */
const MACHINE = [["host", "LX2160A"], ["cards", "2x V100-SXM2-16GB"], ["slot", "gen3 x8"], ["supply", "1400W platinum"], ["cooling", "side-fan"], ["memory_gib", "32"],
  ["disk_gbs", "3"]];
/** @type {[string, string][]} */
const MONEY = [["air_celsius", "25"], ["duty", "6:2:16"], ["electricity_usd", "0.15"], ["token_usd", "0.50"], ["cost_usd", "4150"]];

/** Models that anybody can plan with, whatever is here. */
const SHAPES = ["1b", "3b", "7b", "8b", "13b", "70b", "30b-a3b"];

const NUMBERS = new Set(["context", "clients", "prompt", "wanted", "memory_gib", "disk_gbs", "air_celsius", "electricity_usd", "token_usd", "cost_usd"]);

/** What is said, and nothing for what is left empty. @param {FormData} fields */
export function wish(fields) {
  /** @type {Record<string, string | number | string[]>} */
  const said = {};
  for (const name of new Set(fields.keys())) {
    const value = text(fields, name).trim();
    if (!value) continue;
    if (name === "cards") said[name] = value.split(",").map((each) => each.trim()).filter(Boolean);
    else said[name] = NUMBERS.has(name) ? Number(value) : value;
  }
  return said;
}

/** @param {[string, string]} each name and example */
const input = ([name, example]) => field(`plan-${name}`, say(`plan.${name}`), html`<input class="input" id=${`plan-${name}`} name=${name} placeholder=${example}
  type=${NUMBERS.has(name) ? "number" : "text"} step="any" spellcheck="false" autocomplete="off">`);

/** @param {string} title @param {[string, string][]} fields @param {unknown} [more] */
const group = (title, fields, more = "") => html`<fieldset class="stack-8"><legend class="label">${title}</legend><div class="grid">${more}${fields.map(input)}</div></fieldset>`;

/** In the language of the page. @param {Planned} planned @param {string} text */
const told = ({ texts }, text) => inWords(texts[text] ?? [{ text }]);

/** @param {Planned} planned @param {Section} section @param {number} at */
function shown(planned, section, at) {
  const title = told(planned, section.title);
  return card(`plan-${at}`, title, html`
  ${section.lines.length ? html`<div class="table-wrap" tabindex="0" role="group" aria-label=${title}><table class="table"><thead><tr><th scope="col">${say("plan.what")}</th>
    <th scope="col" class="right">${say("plan.value")}</th><th scope="col">${say("plan.reason")}</th></tr></thead><tbody>${section.lines.map((line) => html`<tr>
    <th scope="row">${told(planned, line.label)}</th><td class="right">${told(planned, line.value)}</td><td class="small soft">${told(planned, line.reason)}</td></tr>`)}</tbody></table></div>` : ""}
  ${section.sentences.length ? html`<ul class="card-body">${section.sentences.map((sentence) => html`<li>${told(planned, sentence)}</li>`)}</ul>` : ""}`);
}

/** All that have a name: those that are here, and those of the catalogue. */
async function names() {
  const [here, known] = await Promise.all([ask("GET", "/admin/shelf"), ask("GET", "/admin/catalogue")]);
  /** @type {string[]} */
  const all = [...here.data, ...known.data].map((/** @type {{name: string}} */ model) => model.name);
  return [...new Set([...all, ...SHAPES])];
}

/** The answer is below a long form. @param {Element} [verdict] */
const look = (verdict) => requestAnimationFrame(() => verdict?.scrollIntoView()); // when all of the answer is there

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  /** @type {Planned | undefined} */
  let planned;
  const named = loads(names, place.redraw);
  named.load();
  const form = former(place.redraw, async (fields) => {
    planned = undefined;
    planned = /** @type {Planned} */ (await ask("POST", "/admin/plan", wish(fields)));
  });

  const verdict = (/** @type {Planned} */ { fits }) => html`<div class="notice ${fits ? "notice-good" : ""}" role="status" ${ref(look)}>${icon(fits ? "circle-check" : "triangle-alert")}
    <p><b>${say(fits ? "plan.fits" : "plan.fits.not")}</b></p></div>`;

  const types = /** @type {[string, string][]} */ ([["f16", "F16"], ["q8_0", "Q8_0"], ["f32", "F32"]]);
  return {
    view: () => html`${card("plan", say("plan.title"), html`<form class="card-body" @submit=${form.submit}><p class="soft">${say("plan.about")}</p>
        ${group(say("plan.group.model"), MODEL, html`${field("plan-model", say("plan.model"), html`<input class="input" id="plan-model" name="model" placeholder="13b" required
          list="plan-models" spellcheck="false" autocomplete="off"><datalist id="plan-models">${(named.data() ?? SHAPES).map((name) => html`<option value=${name}></option>`)}</datalist>`)}${field("plan-kv_type", say("plan.kv_type"), select("plan-kv_type", "kv_type", types, "f16"))}`)}
        ${group(say("plan.group.machine"), MACHINE)}${group(say("plan.group.money"), MONEY)}
        ${form.trouble()}<div class="row"><button class="btn btn-primary" ?disabled=${form.busy()}>${icon("gauge")}${say("plan.do")}</button>
        ${form.busy() ? html`<span class="soft" role="status">${say("plan.doing")}</span>` : ""}</div></form>`)}
      ${planned ? html`${verdict(planned)}${planned.sections.map((section, at) => shown(/** @type {Planned} */ (planned), section, at))}` : ""}`,
  };
}
