// Codes that wait to be used: invitations, and those for another password.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { ago, moment } from "../../base/format.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { press } from "../parts/forms.js";
import { loads } from "../parts/loads.js";

/** @typedef {{id: string, purpose: string, name: string | null, role: string | null, group: string | null, created: string, expires: string}} Code */

/** @param {import("../main.js").Place} place */
export function openCodes(place) {
  const all = loads(async () => /** @type {Code[]} */ ((await ask("GET", "/admin/codes")).data), place.redraw);
  all.load();
  /** @param {Code} code */
  const withdraw = (code) => press(place.complain, async () => {
    await ask("DELETE", `/admin/codes/${code.id}`);
    await all.load();
  });
  /** @param {Code} code */
  const line = (code) => row(html`${say(`code.${code.purpose}`)}${code.name ? html` · <b>${code.name}</b>` : ""}`,
    html`${[code.role ? say(`role.${code.role}`) : "", code.group ?? ""].filter(Boolean).join(", ")}
      <time datetime=${code.expires} title=${ago(Date.parse(code.expires))}>${say("until", { time: moment(Date.parse(code.expires)) })}</time>`,
    html`<button class="btn btn-small" @click=${withdraw(code)}>${say("code.withdraw")}</button>`);
  return {
    load: all.load,
    view: () => all.view(
      (data) => card("codes", say("codes.title"), html`<ul class="lines card-lines">${data.map(line)}</ul>`),
      { is: (data) => !data.length, view: () => "" },
    ),
  };
}
