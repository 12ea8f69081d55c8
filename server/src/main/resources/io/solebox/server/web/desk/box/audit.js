// The audit log: looked through, checked, taken along.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { ago, moment } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { field, press } from "../parts/forms.js";
import { loads, nothingThere } from "../parts/loads.js";

/**
 * @typedef {{seq: number, time: string, action: string, actor: string, subject: string, details: Record<string, string>, unreadable?: string}} Entry
 * @typedef {{entries: Entry[], earlier: boolean}} Page
 * @typedef {{sound: boolean, entries?: number, unsigned?: number, signed_to?: number, entry?: number, what?: string}} Check
 */

const AT_ONCE = 100;
const FILTERS = /** @type {const} */ (["action", "actor", "subject"]);

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  /** @type {Record<string, string>} */
  let filter = {};
  /** @type {Entry[]} */
  let older = [];
  /** @type {Check | undefined} */
  let checked;

  /** @param {number} [before] @returns {Promise<Page>} */
  async function read(before) {
    const query = new URLSearchParams({ limit: String(AT_ONCE), ...filter, ...(before ? { before: String(before) } : {}) });
    const page = await ask("GET", `/admin/audit?${query}`);
    return { entries: page.data.reverse(), earlier: page.has_earlier };
  }
  let page = loads(() => read(), place.redraw);
  page.load();
  let earlier = true;

  const more = press(place.complain, async () => {
    const all = [...(page.data()?.entries ?? []), ...older];
    const next = await read(all.at(-1)?.seq);
    older = [...older, ...next.entries];
    earlier = next.earlier;
    place.redraw();
  });
  const check = press(place.complain, async () => {
    checked = await ask("GET", "/admin/audit/check");
    place.redraw();
  });

  /** @param {Event} event */
  function narrow(event) {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    filter = Object.fromEntries(FILTERS.map((name) => [name, String(fields.get(name) ?? "").trim()]).filter(([, value]) => value));
    older = [];
    earlier = true;
    page.load();
  }

  /** @param {Entry} entry */
  const line = (entry) => html`<tr><td class="faint right">${entry.seq}</td>
    <td class="nowrap"><time datetime=${entry.time ?? ""} title=${entry.time ? ago(Date.parse(entry.time)) : ""}>${entry.time ? moment(Date.parse(entry.time)) : ""}</time></td>
    <td class="mono">${entry.action ?? html`<span class="bad">${say("audit.unreadable")}: ${entry.unreadable}</span>`}</td><td>${entry.actor}</td><td>${entry.subject}</td>
    <td class="small soft">${Object.entries(entry.details ?? {}).filter(([, value]) => value).map(([name, value]) => html`<span class="detail">${name} <b>${value}</b></span> `)}</td></tr>`;

  /** @param {Page} now */
  const full = (now) => html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("desk.audit")}><table class="table audit"><thead><tr><th scope="col" class="right">${say("audit.number")}</th>
    <th scope="col">${say("time")}</th><th scope="col">${say("audit.action")}</th><th scope="col">${say("audit.actor")}</th><th scope="col">${say("audit.subject")}</th><th scope="col">${say("audit.details")}</th></tr></thead>
    <tbody>${[...now.entries, ...older].map(line)}</tbody></table></div>
    ${now.earlier && earlier ? html`<footer class="card-foot"><button class="btn" @click=${more}>${say("audit.more")}</button></footer>` : ""}`;

  /** @param {Check} found */
  const verdict = (found) => found.sound
    ? html`<div class="notice notice-good" role="status">${icon("shield-check")}<div><p><b>${say("audit.sound", { n: found.entries ?? 0 })}</b></p>
      <p>${found.unsigned ? say("audit.unsigned", { n: found.unsigned }) : say("audit.signed")}</p></div></div>`
    : html`<div class="notice" role="alert">${icon("triangle-alert")}<div><p><b>${say("audit.broken", { n: found.entry ?? 0 })}</b></p><p>${found.what}</p></div></div>`;

  return {
    actions: () => html`<button class="btn" @click=${check}>${icon("shield-check")}${say("audit.check")}</button>
      <a class="btn" href="/admin/audit/export" download>${icon("download")}<span class="wide-only">${say("audit.export")}</span></a>`,
    view: () => html`${checked ? verdict(checked) : ""}
      <form class="filters" @submit=${narrow} @change=${(/** @type {Event} */ event) => /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit()}>
        ${FILTERS.map((name) => field(`audit-${name}`, say(`audit.${name}`), html`<input class="input" id=${`audit-${name}`} name=${name} placeholder=${name === "action" ? "user" : ""} spellcheck="false">`))}
        <button class="btn">${icon("search")}${say("audit.find")}</button></form>
      <section class="card" aria-label=${say("desk.audit")}>${page.view(full, { is: (now) => !now.entries.length, view: () => nothingThere(say("audit.none")) })}</section>
      <p class="small faint">${say("audit.about")}</p>`,
  };
}
