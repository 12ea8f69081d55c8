// Where one is signed in.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { moment } from "../../base/format.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { press } from "../parts/forms.js";
import { loads } from "../parts/loads.js";
import { lastUse } from "./passkeys.js";

/** @typedef {{id: string, address: string, agent: string, created: string, last_use: string, current: boolean}} Session */

/** A browser's own words for itself, in as few as people know. @param {string} agent */
export function browser(agent) {
  const found = /(Edg|OPR|Firefox|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /(Windows|Mac OS|Android|iPhone|iPad|Linux)/.exec(agent);
  const names = { Edg: "Edge", OPR: "Opera" };
  if (!found) return agent || say("session.unknown");
  const name = names[/** @type {keyof typeof names} */ (found[1])] ?? found[1];
  return [`${name} ${found[2]}`, system?.[1]].filter(Boolean).join(", ");
}

/** @param {import("../main.js").Place} place */
export function sessions(place) {
  const all = loads(async () => /** @type {Session[]} */ ((await ask("GET", "/auth/sessions")).data), place.redraw);
  all.load();
  /** @param {string} path */
  const end = (path) => press(place.complain, async () => {
    await ask("DELETE", path);
    await all.load();
  });

  /** @param {Session} each */
  const line = (each) => row(html`${browser(each.agent)} ${each.current ? html`<span class="badge badge-accent">${say("session.here")}</span>` : ""}`,
    html`${each.address} · ${say("since", { time: moment(Date.parse(each.created)) })} · ${lastUse(each.last_use)}`,
    each.current ? "" : html`<button class="btn btn-small" @click=${end(`/auth/sessions/${each.id}`)}
      aria-label=${say("session.end.named", { name: browser(each.agent) })}>${say("session.end")}</button>`);

  return () => card("sessions", say("session.title"), html`<div class="card-body">${all.view((data) => html`<ul class="lines">${data.map(line)}</ul>
    ${data.length > 1 ? html`<div class="row"><button class="btn" @click=${end("/auth/sessions")}>${say("session.end.others")}</button></div>` : ""}`)}</div>`);
}
