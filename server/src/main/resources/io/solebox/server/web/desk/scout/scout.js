// What the scout has found, and how it is: a service of its own, of which this shows what it keeps.

import "./ready.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { field, press, select } from "../parts/forms.js";
import { loads, nothingThere } from "../parts/loads.js";
import { finds } from "./finds.js";
import { health } from "./health.js";
import { muting } from "./mutes.js";
import { pictures } from "./picture.js";
import { prices } from "./prices.js";
import { since } from "./values.js";

/** @typedef {import("./values.js").Scout} Scout */

const AT_ONCE = 50;
const MOST = 200;
const LOOK_MS = 30_000;
const SORTS = ["newest", "price", "per_gigabyte", "per_bandwidth", "standing", "ending"];
const HAPPENINGS = ["new", "price_drop", "ending", "back"];

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  /** @type {Record<string, string>} */
  let filter = {};
  let limit = AT_ONCE;
  const wide = matchMedia("(min-width: 52rem)").matches;
  const kept = loads(async () => /** @type {Scout} */ (await ask("GET", `/admin/scout?${new URLSearchParams({ ...filter, limit: String(limit) })}`)), place.redraw);
  kept.load();
  const timer = setInterval(() => { if (!document.hidden) kept.load(); }, LOOK_MS);
  const picture = pictures(place);
  const mutes = muting(place, kept.load);
  const history = prices(place);
  const state = health(place, kept.load, mutes.quick);
  const table = finds(place, { picture: picture.view, menu: mutes.button, muted: mutes.badge, history: history.open });
  const more = press(place.complain, () => { limit = Math.min(limit + AT_ONCE, MOST); return kept.load(); });

  /** @param {Event} event */
  function narrow(event) {
    event.preventDefault();
    const form = event.target instanceof HTMLFormElement ? event.target : /** @type {HTMLElement} */ (event.target).closest("form");
    const fields = new FormData(/** @type {HTMLFormElement} */ (form));
    filter = Object.fromEntries([...fields].map(([name, value]) => [name, String(value).trim().replace(",", name === "least" || name === "most" ? "." : ",")]).filter(([, value]) => value));
    limit = AT_ONCE;
    kept.load();
  }

  const all = /** @type {[string, string]} */ (["", say("scout.all")]);
  /** @param {string} name @param {[string, string][]} options */
  const choose = (name, options) => field(`scout-${name}`, say(`scout.${name}`), select(`scout-${name}`, name, options, filter[name] ?? ""));
  /** @param {import("./values.js").Choice[] | undefined} list @param {string} name @returns {[string, string][]} */
  const listed = (list, name) => [["", say("scout.all")], ...(list ?? []).map((each) => /** @type {[string, string]} */ ([each.name, `${each.name} (${each.things})`])),
    ...(filter[name] && !list?.some((each) => each.name === filter[name]) ? [/** @type {[string, string]} */ ([filter[name], filter[name]])] : [])];
  /** @param {string} name */
  const money = (name) => field(`scout-${name}`, say(`scout.${name}`), html`<input class="input" id=${`scout-${name}`} name=${name} inputmode="decimal" autocomplete="off" pattern="[0-9]{1,12}([.,][0-9]{1,6})?">`);

  /** @param {Scout | undefined} scout */
  const filters = (scout) => html`<form class="stack-8" role="search" aria-label=${say("scout.filters")} @submit=${narrow} @change=${narrow}>
    <div class="scout-filters">${field("scout-text", say("scout.text"), html`<input class="input" id="scout-text" name="text" type="search" maxlength="200" spellcheck="false" autocomplete="off">`)}
    ${choose("sort", SORTS.map((each) => [each, say(`scout.sort.${each}`)]))}</div>
    <details ?open=${wide}><summary class="small soft">${say("scout.filters")}</summary><div class="scout-filters">
    ${choose("card", listed(scout?.choices.cards, "card"))}${choose("watch", listed(scout?.choices.watches, "watch"))}${choose("site", listed(scout?.choices.sites, "site"))}
    ${choose("happening", [all, ...HAPPENINGS.map((each) => /** @type {[string, string]} */ ([each, say(`scout.happening.${each}`)]))])}
    ${choose("suspicious", [all, ["no", say("scout.suspicious.no")], ["yes", say("scout.suspicious.yes")]])}
    ${choose("currency", listed(scout?.choices.currencies, "currency"))}${money("least")}${money("most")}</div></details></form>`;

  /** @param {Scout} scout */
  function notice(scout) {
    if (scout.state === "watching") return "";
    return html`<div class="notice notice-warn" role="status">${icon("triangle-alert")}<div><p><b>${say(`scout.is.${scout.state}`)}</b></p><p>${say(`scout.why.${scout.state}`)}</p>
      ${scout.state === "quiet" && scout.looked_at ? html`<p class="soft">${say("scout.looked.last")} ${since(scout.looked_at)}</p>` : ""}</div></div>`;
  }

  /** @param {Scout} scout */
  const begin = (scout) => html`<section class="card" aria-label=${say("desk.scout")}><div class="empty"><p><b>${say(`scout.is.${scout.state}`)}</b></p><p>${say(`scout.why.${scout.state}`)}</p>
    ${scout.state === "absent" ? html`<p class="command mono">solebox scout init</p><p class="command mono">solebox scout run</p>` : ""}<p class="small faint">${say(`scout.then.${scout.state}`)}</p></div></section>`;

  /** @param {Scout} scout */
  function full(scout) {
    if (scout.state === "absent" || (scout.state === "air_gap" && !scout.sources.length && !scout.total)) return begin(scout);
    const filtered = Object.keys(filter).some((name) => name !== "sort");
    return html`${notice(scout)}${filters(scout)}
      ${card("scout-finds", say("scout.finds"), html`${scout.data.length ? table.table(scout.data) : nothingThere(say(filtered ? "scout.none.like" : "scout.none"))}
        ${scout.has_more ? html`<footer class="card-foot">${limit < MOST ? html`<button class="btn" @click=${more}>${say("scout.more")}</button>` : html`<span class="small soft">${say("scout.narrow")}</span>`}</footer>` : ""}
        ${scout.cut ? html`<footer class="card-foot small soft">${say("scout.cut", { n: scout.cut })}</footer>` : ""}
        ${scout.damaged ? html`<footer class="card-foot small soft">${say("scout.damaged", { n: scout.damaged })}</footer>` : ""}`, html`<span class="small faint" role="status">${say("scout.total", { n: scout.total })}</span>`)}
      ${history.view(scout.choices.cards)}${mutes.list(scout.mutes)}${state.view(scout)}<p class="small faint">${say("scout.about")}</p>`;
  }

  return {
    stop: () => { clearInterval(timer); picture.stop(); },
    view: () => kept.view(full),
  };
}
