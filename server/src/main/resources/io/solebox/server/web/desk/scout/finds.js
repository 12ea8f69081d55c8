// The table of what is for sale and wanted: what it is, what is asked, what is odd about it, what was told.

import { html } from "../../lib/lit-html/lit-html.js";
import { moment, number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { amount, apart, safe, since } from "./values.js";

/** @typedef {import("./values.js").Thing} Thing */

/** Cheaper than most by so many deviations is good news, by so many more it is suspicious. */
const CHEAP = -1;

/**
 * @param {import("../main.js").Place} place
 * @param {{picture: (thing: Thing) => unknown, menu: (thing: Thing) => unknown, muted: (thing: Thing) => unknown, history: (card: string) => void}} parts
 */
export function finds(place, parts) {
  /** @type {Set<string>} */
  const open = new Set();

  /** @param {string} id */
  function toggle(id) {
    if (!open.delete(id)) open.add(id);
    place.redraw();
  }

  /** @param {Thing} thing */
  function title(thing) {
    const page = safe(thing.page);
    const words = html`<bdi>${thing.title}</bdi>`;
    return page ? html`<a class="find-title" href=${page} target="_blank" rel="noreferrer noopener" referrerpolicy="no-referrer">${words} ${icon("external-link")}<span class="sr-only">${say("scout.elsewhere")}</span></a>` : html`<span class="find-title">${words}</span>`;
  }

  /** @param {Thing} thing */
  const what = (thing) => [
    thing.card ? (thing.units && thing.units > 1 ? `${number(thing.units)} × ${thing.card}` : thing.card) : say("scout.card.none"),
    say(`scout.condition.${thing.condition}`),
    thing.country ? `${thing.site}, ${thing.country}` : thing.site,
  ].join(" · ");

  /** @param {Thing} thing */
  function sale(thing) {
    const lines = [];
    if (thing.sale === "auction") lines.push(say("scout.bids", { n: thing.bids ?? 0 }), say("scout.ends", { time: moment((thing.ends ?? 0) * 1000) }));
    if (thing.sale === "offer") lines.push(say("scout.offer"));
    if ((thing.units ?? 1) > 1) lines.push(say("scout.each", { price: amount(thing.per_unit) }));
    if (thing.shown_price && thing.shown_price.currency !== thing.price?.currency) lines.push(say("scout.shown", { price: amount(thing.shown_price) }));
    lines.push(thing.shipping.kind === "costs" ? say("scout.shipping.costs", { price: amount(thing.shipping.price) }) : say(`scout.shipping.${thing.shipping.kind}`));
    return lines.map((line) => html`<div class="small faint">${line}</div>`);
  }

  /** @param {Thing} thing */
  function standing(thing) {
    const percent = apart(thing);
    if (!thing.standing || percent === undefined) return html`<span class="small faint">${thing.no_standing ?? say("scout.standing.none")}</span>`;
    const sign = percent > 0 ? `+${number(percent)} %` : `${number(percent)} %`;
    return html`<span class="badge ${thing.standing.score <= CHEAP ? "badge-good" : ""}">${sign}</span>
      <div class="small faint">${say("scout.standing.of", { price: amount(thing.standing.median), n: thing.standing.seen })}</div>`;
  }

  /** @param {Thing} thing */
  const news = (thing) => (thing.happening ? html`<div>${say(`scout.happening.${thing.happening}`)} <span class="faint">${since(thing.happened)}</span></div>
    <div class="small ${thing.told === "no" ? "soft" : "faint"}">${thing.told === "no" ? thing.not_told : say(`scout.told.${thing.told}`)}</div>` : html`<span class="faint">${say("scout.happening.none")}</span>`);

  /** @param {Thing} thing */
  const per = (thing) => html`${thing.per_gigabyte ? html`<div>${say("scout.per.gigabyte", { price: amount(thing.per_gigabyte) })}</div>` : html`<span class="faint">–</span>`}
    ${thing.per_bandwidth ? html`<div class="small faint">${say("scout.per.bandwidth", { price: amount(thing.per_bandwidth) })}</div>` : ""}`;

  // On a narrow screen rows are blocks: with roles of their own they stay rows for who hears them.
  /** @param {Thing} thing */
  const row = (thing) => html`<tr class="find" role="row"><td class="find-pic" role="cell">${parts.picture(thing)}</td>
    <th scope="row" role="rowheader">${title(thing)}<div class="small soft">${what(thing)}</div><div class="small faint">${say("scout.since")} ${since(thing.first_seen)} · ${thing.watches.join(", ")}</div>
      ${thing.suspicions.length || thing.mutes.length ? html`<div class="chips find-odd">${parts.muted(thing)}${thing.suspicions.map((each) => html`<span class="badge badge-warn find-why">${icon("triangle-alert")}<span>${each.reason}</span></span>`)}</div>` : ""}</th>
    <td class="find-price" role="cell">${thing.price ? html`<b>${amount(thing.price)}</b>` : html`<span class="faint">${say("scout.unpriced")}</span>`}${sale(thing)}</td>
    <td class="find-per" role="cell">${per(thing)}</td><td class="find-standing" role="cell">${standing(thing)}</td><td class="find-news" role="cell">${news(thing)}</td>
    <td class="find-acts" role="cell"><button class="btn btn-quiet btn-icon btn-small" aria-expanded=${open.has(thing.id)} aria-label=${say("scout.details", { name: thing.title })} @click=${() => toggle(thing.id)}>
      ${icon(open.has(thing.id) ? "arrow-up" : "chevron-down")}</button>${parts.menu(thing)}</td></tr>
    ${open.has(thing.id) ? html`<tr class="find-more" role="row"><td colspan="7" role="cell">${details(thing)}</td></tr>` : ""}`;

  /** @param {Thing} thing */
  function details(thing) {
    const seller = [
      thing.seller_score === undefined ? "" : say("scout.seller.score", { n: thing.seller_score }),
      thing.seller_percent === undefined ? "" : say("scout.seller.percent", { n: thing.seller_percent }),
    ].filter(Boolean).join(", ");
    return html`<dl class="facts">
      ${thing.card_reason ? html`<dt>${say("scout.card.by")}</dt><dd><bdi>${thing.card_reason}</bdi></dd>` : ""}
      ${seller ? html`<dt>${say("scout.seller")}</dt><dd>${seller}</dd>` : ""}
      ${thing.outlook.map((each) => html`<dt>${each.label}</dt><dd>${each.value}<div class="small faint">${each.reason}</div></dd>`)}
      <dt>${say("scout.looked")}</dt><dd>${since(thing.looked)}</dd></dl>
      ${thing.card ? html`<div class="row"><button class="btn btn-small" @click=${() => parts.history(thing.card ?? "")}>${icon("chart-column")}${say("scout.prices.show", { name: thing.card })}</button></div>` : ""}`;
  }

  return {
    /** @param {Thing[]} things */
    table: (things) => html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("scout.finds")}><table class="table finds" role="table"><thead role="rowgroup"><tr role="row"><td role="cell"></td>
      <th scope="col" role="columnheader">${say("scout.thing")}</th><th scope="col" role="columnheader">${say("scout.price")}</th><th scope="col" role="columnheader">${say("scout.per")}</th>
      <th scope="col" role="columnheader">${say("scout.standing")}</th><th scope="col" role="columnheader">${say("scout.news")}</th><td role="cell"></td></tr></thead><tbody role="rowgroup">${things.map(row)}</tbody></table></div>`,
  };
}
