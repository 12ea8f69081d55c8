// Somebody's own account: who one is, second steps, passkeys, password, sessions, keys, looks, and all that is kept.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { loads } from "../parts/loads.js";
import { say } from "../../base/words.js";
import { authenticator } from "./authenticator.js";
import { ownData } from "./data.js";
import { ownKeys } from "./keys.js";
import { looks } from "./looks.js";
import { passkeys } from "./passkeys.js";
import { password } from "./password.js";
import { sessions } from "./sessions.js";

/** @typedef {import("../main.js").Place} Place */
/** @typedef {{id: string, name: string, role: string, group: string | null, password: boolean}} User */
/**
 * @typedef {{app: boolean, recovery_codes_left: number, required: boolean,
 *   passkeys: {id: string, name: string, host: string, created: string, last_use: string | null}[]}} Factors
 * @typedef {{user: User, factors: Factors, ways: {passkeys: boolean, no_passkeys_because: string | null, oidc: string | null}}} Own
 */

/** @param {Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const own = loads(async () => {
    const [me, factors, ways] = await Promise.all([ask("GET", "/auth/me"), ask("GET", "/auth/factors"), ask("GET", "/auth/ways")]);
    return /** @type {Own} */ ({ user: me.user, factors, ways });
  }, place.redraw);
  own.load();
  const cards = [
    authenticator(place, own),
    passkeys(place, own),
    password(place, own),
    sessions(place),
    ownKeys(place),
    looks(place),
    ownData(place, own),
  ];
  return {
    view: () => own.view(({ user }) => html`<p class="soft">${say("account.about", { name: user.name, role: say(`role.${user.role}`) })}${user.group ? ` · ${user.group}` : ""}</p>
      <div class="account-grid">${cards.map((card) => card())}</div>`),
  };
}
