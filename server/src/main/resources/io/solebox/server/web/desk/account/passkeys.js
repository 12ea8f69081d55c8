// Passkeys of one's own devices.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { ago, moment } from "../../base/format.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { field, former, press, text } from "../parts/forms.js";
import { canPasskeys, makePasskey } from "../parts/passkeys.js";

/** @typedef {import("./account.js").Own} Own */

/** When something was used last, for people. @param {string | null} time */
export const lastUse = (time) => time
  ? html`<time datetime=${time} title=${ago(Date.parse(time))}>${say("used", { time: moment(Date.parse(time)) })}</time>` : say("used.never");

/**
 * @param {import("../main.js").Place} place
 * @param {import("../parts/loads.js").Loads<Own>} own
 */
export function passkeys(place, own) {
  const add = former(place.redraw, async (fields, element) => {
    const options = await ask("POST", "/auth/passkeys/creation", { password: text(fields, "password") }, { stayHere: true });
    const credential = await makePasskey(options);
    await ask("POST", "/auth/passkeys", { name: text(fields, "name"), credential });
    element.reset();
    await own.load();
    toast(say("passkey.added"));
  });
  /** @param {string} id */
  const remove = (id) => press(place.complain, async () => {
    await ask("DELETE", `/auth/passkeys/${encodeURIComponent(id)}`);
    await own.load();
  });

  /** @param {Own} now */
  const adding = ({ user, ways }) => !ways.passkeys || !canPasskeys()
    ? html`<p class="hint">${ways.no_passkeys_because ?? say("passkey.browser")}</p>`
    : html`<form class="stack" @submit=${add.submit}>
      ${field("passkey-name", say("passkey.name"), html`<input class="input" id="passkey-name" name="name" maxlength="64" required>`)}
      ${user.password ? field("passkey-password", say("password"), html`<input class="input" id="passkey-password" name="password" type="password"
        autocomplete="current-password" required>`) : ""}
      ${add.trouble()}<div class="row"><button class="btn" ?disabled=${add.busy()}>${say("passkey.add")}</button></div></form>`;

  return () => {
    const now = own.data();
    if (!now) return "";
    const all = now.factors.passkeys;
    return card("passkeys", say("passkey.title"), html`<div class="card-body"><p class="soft">${say("passkey.about")}</p>
      ${all.length ? html`<ul class="lines">${all.map((each) => row(each.name, html`${each.host} · ${lastUse(each.last_use)}`,
        html`<button class="btn btn-danger btn-small" @click=${remove(each.id)} aria-label=${say("remove.named", { name: each.name })}>${say("remove")}</button>`))}</ul>` : ""}
      ${adding(now)}</div>`);
  };
}
