// API keys of one's own: made, shown once, revoked.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { day } from "../../base/format.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { field, former, select, text } from "../parts/forms.js";
import { loads } from "../parts/loads.js";
import { shownOnce } from "../parts/secret.js";
import { lastUse } from "./passkeys.js";

/**
 * @typedef {{id: string, user: string, name: string, shown: string, models: string, routes: string, limits: string,
 *   created: string, expires: string | null, last_use: string | null, receipt?: boolean}} Key
 */

const DAYS = ["", "30", "90", "365"];

/** What a key may do, where that is less than all. @param {Key} key */
export const keyNotes = (key) => [
  key.models === "*" ? "" : key.models,
  key.routes,
  key.limits,
  key.expires ? say("until", { time: day(Date.parse(key.expires)) }) : "",
  key.receipt ? say("key.receipts") : "",
].filter(Boolean).join(" · ");

/** @param {import("../main.js").Place} place */
export function ownKeys(place) {
  const all = loads(async () => /** @type {Key[]} */ ((await ask("GET", "/auth/keys")).data), place.redraw);
  all.load();
  /** @type {{name: string, key: string} | undefined} */
  let made;
  /** @type {Set<string>} those that are being revoked, unless somebody takes it back */
  const going = new Set();

  const add = former(place.redraw, async (fields, element) => {
    /** @type {Record<string, unknown>} */
    const wish = { name: text(fields, "name") };
    for (const word of ["models", "limits"]) if (text(fields, word).trim()) wish[word] = text(fields, word).trim();
    if (fields.has("receipt")) wish.receipt = true;
    if (text(fields, "days")) wish.days = Number(text(fields, "days"));
    made = await ask("POST", "/auth/keys", wish);
    element.reset();
    await all.load();
  });

  /** @param {Key} key */
  function revoke(key) {
    going.add(key.id);
    place.redraw();
    const stay = () => { going.delete(key.id); place.redraw(); };
    toast(say("key.revoked", { name: key.name }), {
      undo: stay,
      then: () => ask("DELETE", `/auth/keys/${key.id}`).then(all.load).catch(place.complain).finally(stay),
    });
  }

  /** @param {Key} key */
  const line = (key) => row(html`${key.name} <span class="mono faint">${key.shown}…</span>`,
    html`${lastUse(key.last_use)}${keyNotes(key) ? ` · ${keyNotes(key)}` : ""}`,
    html`<button class="btn btn-danger btn-small" @click=${() => revoke(key)} aria-label=${say("key.revoke.named", { name: key.name })}>${say("key.revoke")}</button>`);

  const adding = () => html`<form class="stack" @submit=${add.submit}>
    <div class="form-2">${field("key-name", say("key.name"), html`<input class="input" id="key-name" name="name" maxlength="64" required>`)}
    ${field("key-days", say("key.days"), select("key-days", "days", DAYS.map((days) => [days, days ? say("days", { n: Number(days) }) : say("key.forever")]), ""))}</div>
    <details><summary class="small soft">${say("key.less")}</summary><div class="form-2 inset">
      ${field("key-models", say("key.models"), html`<input class="input" id="key-models" name="models" placeholder="*" spellcheck="false">`, say("key.models.hint"))}
      ${field("key-limits", say("key.limits"), html`<input class="input" id="key-limits" name="limits" placeholder="rpm=60 tpd=100000" spellcheck="false">`)}</div></details>
    <label class="row small"><input class="switch" type="checkbox" role="switch" name="receipt">${say("key.receipt")}</label>
    ${add.trouble()}<div class="row"><button class="btn" ?disabled=${add.busy()}>${say("key.make")}</button></div></form>`;

  return () => card("keys", say("key.title"), html`<div class="card-body"><p class="soft">${say("key.about")}</p>
    ${made ? shownOnce(made.name, made.key, () => { made = undefined; place.redraw(); }) : ""}
    ${all.view((data) => html`<ul class="lines">${data.filter((key) => !going.has(key.id)).map(line)}</ul>`, { is: (data) => !data.length, view: () => "" })}
    ${adding()}</div>`);
}
