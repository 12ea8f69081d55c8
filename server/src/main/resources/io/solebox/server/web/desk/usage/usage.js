// What was used: by day, user, key, group or model, as a plot, a table and a file.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { saveFile } from "../../base/copy.js";
import { number, short } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";
import { limitBars } from "./limits.js";
import { plot } from "./plot.js";
import { csv, daily, sums } from "./sums.js";

/** @typedef {import("./sums.js").Sum} Sum */
/** @typedef {{rows: Sum[], days: Sum[], limits: import("./limits.js").Limit[]}} Usage */

const SPANS = { week: 6, month: 29, year: 364 };
const OTHERS_BY = /** @type {const} */ (["user", "model", "group", "key", "day"]);
const OWN_BY = /** @type {const} */ (["model", "key", "day"]);

/** @param {number} days ago, as in 2026-03-01 */
function since(days) {
  const date = new Date();
  date.setDate(date.getDate() - days);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  let everybody = place.me.admin && place.me.accounts;
  /** @type {keyof typeof SPANS} */
  let span = "month";
  /** @type {string} */
  let by = everybody ? "user" : "model";

  const usage = loads(async () => {
    const path = `${everybody ? "/admin/usage" : "/v1/usage"}?since=${since(SPANS[span])}&by=`;
    const [table, days] = await Promise.all([ask("GET", path + by), ask("GET", `${path}day,model`)]);
    return /** @type {Usage} */ ({ rows: table.data, days: days.data, limits: table.limits ?? [] });
  }, place.redraw);
  usage.load();

  const reload = () => { place.redraw(); return usage.load(); };
  /** @param {string} word @param {boolean} on @param {() => void} choose */
  const choice = (word, on, choose) => html`<button aria-pressed=${on} @click=${() => { choose(); reload(); }}>${word}</button>`;

  const save = async () => {
    try {
      const path = `${everybody ? "/admin/usage" : "/v1/usage"}?since=${since(SPANS[span])}&by=day,model${everybody ? ",user,key,group" : ",key"}`;
      const { data, by: columns } = await ask("GET", path);
      saveFile(new Blob([csv(columns, data)], { type: "text/csv" }), `solebox-usage-${since(0)}.csv`);
    } catch (error) {
      place.complain(error);
    }
  };

  /** @param {Sum} row */
  const name = (row) => row[`${by}_name`] || row[by] || say(by === "user" ? "account.local" : "usage.none.such");

  /** @param {Usage} now */
  function table(now) {
    return html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("usage.table")}><table class="table"><thead><tr><th scope="col">${say(by)}</th>
      <th scope="col" class="right">${say("usage.requests")}</th><th scope="col" class="right">${say("prompt.tokens")}</th><th scope="col" class="right">${say("usage.cached")}</th>
      <th scope="col" class="right">${say("generated")}</th></tr></thead><tbody>${now.rows.map((row) => html`<tr><th scope="row">${name(row)}</th>
      ${[row.requests, row.prompt_tokens, row.cached_tokens, row.generated_tokens].map((value) => html`<td class="right">${number(Number(value))}</td>`)}</tr>`)}</tbody></table></div>`;
  }

  /** @param {Usage} now */
  function full(now) {
    const total = sums(now.days);
    /** @param {string} label @param {string} value @param {string} note */
    const stat = (label, value, note = "") => html`<div class="stat"><dt>${label}</dt><dd>${value}</dd>${note ? html`<dd class="note">${note}</dd>` : ""}</div>`;
    return html`<dl class="card stats">${stat(say("usage.generated"), short(total.generated))}${stat(say("usage.requests"), number(total.requests))}
      ${stat(say("prompt.tokens"), short(total.prompt))}${stat(say("usage.cached"), short(total.cached), total.prompt ? say("percent", { n: Math.round((100 * total.cached) / total.prompt) }) : "")}</dl>
      ${plot(daily(now.days, since(SPANS[span]), since(0)))}
      ${card("by", say("usage.by"), table(now), html`<div class="segments" role="group" aria-label=${say("usage.by")}>
        ${(everybody ? OTHERS_BY : OWN_BY).map((word) => choice(say(word), by === word, () => { by = word; }))}</div>`)}
      ${limitBars(now.limits)}`;
  }

  return {
    actions: () => html`<div class="segments wide-only" role="group" aria-label=${say("time")}>
      ${(/** @type {(keyof typeof SPANS)[]} */ (Object.keys(SPANS))).map((word) => choice(say(`span.${word}`), span === word, () => { span = word; }))}</div>
      <button class="btn" @click=${save}>${icon("download")}CSV</button>`,
    view: () => html`${place.me.admin && place.me.accounts ? html`<div class="segments self-start" role="group" aria-label=${say("usage.whose")}>
        ${choice(say("usage.everybody"), everybody, () => { everybody = true; by = "user"; })}${choice(say("usage.mine"), !everybody, () => { everybody = false; by = "model"; })}</div>` : ""}
      ${usage.view(full, { is: (now) => !now.days.length, view: () => html`${nothingThere(say("usage.none"), html`<a class="btn btn-primary" href="/">${say("nav.chat")}</a>`)}${limitBars(usage.data()?.limits ?? [])}` })}`,
  };
}
