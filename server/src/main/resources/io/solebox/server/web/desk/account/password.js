// Another password.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { field, former, press, text } from "../parts/forms.js";

/**
 * @param {import("../main.js").Place} place
 * @param {import("../parts/loads.js").Loads<import("./account.js").Own>} own
 */
export function password(place, own) {
  const form = former(place.redraw, async (fields, element) => {
    await ask("POST", "/auth/password", { password: text(fields, "old"), new_password: text(fields, "new") }, { stayHere: true });
    element.reset();
    toast(say("password.changed"));
  });
  const link = press(place.complain, async () => location.assign((await ask("POST", "/auth/oidc/link")).url));

  return () => {
    const now = own.data();
    if (!now) return "";
    const { user, ways } = now;
    const issuer = ways.oidc ? html`<p><button class="btn" @click=${link}>${say("account.link", { host: new URL(ways.oidc).host })}</button></p>` : "";
    if (!user.password) return issuer ? card("password", say("password"), html`<div class="card-body">${issuer}</div>`) : "";
    return card("password", say("password"), html`<div class="card-body"><form class="stack" @submit=${form.submit}>
      <input name="user" autocomplete="username" .value=${user.name} hidden readonly>
      ${field("old", say("password.old"), html`<input class="input" id="old" name="old" type="password" autocomplete="current-password" required>`)}
      ${field("new", say("password.new"), html`<input class="input" id="new" name="new" type="password" autocomplete="new-password" minlength="12"
        required aria-describedby="new-hint">`, `${say("password.hint")} ${say("password.others")}`)}
      ${form.trouble()}<div class="row"><button class="btn" ?disabled=${form.busy()}>${say("password.change")}</button></div></form>${issuer}</div>`);
  };
}
