// The API keys of all, for administrators: looked through and revoked.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { keyNotes } from "../account/keys.js";
import { lastUse } from "../account/passkeys.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";

/** @typedef {import("../account/keys.js").Key} Key */

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const all = loads(async () => /** @type {Key[]} */ ((await ask("GET", "/admin/keys")).data), place.redraw);
  all.load();
  let find = "";
  /** @type {Set<string>} */
  const going = new Set();

  /** @param {Key} key */
  function revoke(key) {
    going.add(key.id);
    place.redraw();
    const stay = () => { going.delete(key.id); place.redraw(); };
    toast(say("key.revoked", { name: key.name }), {
      undo: stay,
      then: () => ask("DELETE", `/admin/keys/${key.id}`).then(all.load).catch(place.complain).finally(stay),
    });
  }

  /** @param {Key} key */
  const line = (key) => html`<tr><th scope="row">${key.name}</th><td>${key.user}</td><td class="mono faint">${key.shown}…</td>
    <td class="soft">${keyNotes(key)}</td><td class="soft">${lastUse(key.last_use)}</td>
    <td class="right"><button class="btn btn-danger btn-small" @click=${() => revoke(key)} aria-label=${say("key.revoke.named", { name: key.name })}>${say("key.revoke")}</button></td></tr>`;

  /** @param {Key[]} data */
  function full(data) {
    const shown = data.filter((key) => !going.has(key.id) && `${key.name} ${key.user} ${key.shown}`.toLowerCase().includes(find.toLowerCase()));
    return html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("desk.keys")}><table class="table"><thead><tr><th scope="col">${say("name")}</th>
      <th scope="col">${say("user")}</th><th scope="col">${say("key.begins")}</th><th scope="col">${say("key.bounds")}</th><th scope="col">${say("key.used")}</th>
      <th scope="col"><span class="sr-only">${say("key.revoke")}</span></th></tr></thead><tbody>${shown.map(line)}</tbody></table></div>
      ${shown.length ? "" : nothingThere(say("keys.none.found"))}`;
  }

  return {
    view: () => html`<div class="search">${icon("search")}<label class="sr-only" for="find-key">${say("keys.find")}</label>
      <input class="input" id="find-key" type="search" placeholder=${say("keys.find")} @input=${(/** @type {Event} */ event) => {
        find = /** @type {HTMLInputElement} */ (event.target).value; place.redraw(); }}></div>
      ${card("all-keys", say("desk.keys"), all.view(full, { is: (data) => !data.length, view: () => nothingThere(say("keys.none")) }))}`,
  };
}
