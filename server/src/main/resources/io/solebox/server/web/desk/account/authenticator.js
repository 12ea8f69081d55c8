// The app that gives codes: set up, new recovery codes, removed.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { enrolmentView, recoveryView } from "../parts/enrolment.js";
import { field, former, text } from "../parts/forms.js";

/** @typedef {import("./account.js").Own} Own */

/**
 * @param {import("../main.js").Place} place
 * @param {import("../parts/loads.js").Loads<Own>} own
 */
export function authenticator(place, own) {
  /** @type {import("../parts/enrolment.js").Enrolment | undefined} */
  let enrolment;
  /** @type {string[]} */
  let codes = [];

  const begin = former(place.redraw, async (fields, element) => {
    enrolment = await ask("POST", "/auth/factors/app", { password: text(fields, "password") }, { stayHere: true });
    element.reset();
  });
  const confirm = former(place.redraw, async (fields) => {
    const answer = await ask("POST", "/auth/factors/app/confirm", { code: text(fields, "code") }, { stayHere: true });
    enrolment = undefined;
    codes = answer.recovery_codes;
    await own.load();
  });
  const change = former(place.redraw, async (fields, element, does) => {
    const body = { password: text(fields, "password"), code: text(fields, "code") };
    const answer = await ask("POST", does === "remove" ? "/auth/factors/app/remove" : "/auth/factors/recovery-codes", body, { stayHere: true });
    element.reset();
    if (does === "remove") toast(say("factor.removed"));
    else codes = answer.recovery_codes;
    await own.load();
  });

  /** @param {boolean} hasPassword */
  const passwordField = (hasPassword, id = "app-password") => hasPassword
    ? field(id, say("password"), html`<input class="input" id=${id} name="password" type="password" autocomplete="current-password" required>`)
    : "";
  const codeField = (id = "app-code") => field(id, say("code"),
    html`<input class="input mono" id=${id} name="code" autocomplete="one-time-code" required>`);

  /** @param {Own} now */
  function body({ factors, user }) {
    if (codes.length) return recoveryView(codes, () => { codes = []; place.redraw(); });
    if (enrolment) {
      return html`${enrolmentView(enrolment)}<form class="stack" @submit=${confirm.submit}>${codeField("confirm-code")}${confirm.trouble()}
        <div class="row"><button class="btn btn-primary" ?disabled=${confirm.busy()}>${say("factor.confirm")}</button>
        <button type="button" class="btn btn-quiet" @click=${() => { enrolment = undefined; place.redraw(); }}>${say("cancel")}</button></div></form>`;
    }
    if (!factors.app) {
      return html`<p class="soft">${say("factor.about")}</p><form class="stack" @submit=${begin.submit}>${passwordField(user.password)}${begin.trouble()}
        <div class="row"><button class="btn btn-primary" ?disabled=${begin.busy()}>${say("factor.set.up")}</button></div></form>`;
    }
    return html`<p class="soft">${say("factor.left", { n: factors.recovery_codes_left })}</p>
      <form class="stack" @submit=${change.submit}>${passwordField(user.password, "change-password")}${codeField("change-code")}${change.trouble()}
      <div class="row-wide"><button class="btn" value="renew" ?disabled=${change.busy()}>${say("factor.renew")}</button>
      <button class="btn btn-danger" value="remove" ?disabled=${change.busy()}>${say("factor.remove")}</button></div></form>`;
  }

  return () => {
    const now = own.data();
    if (!now) return "";
    const state = now.factors.app ? html`<span class="badge badge-good">${say("on")}</span>`
      : html`<span class="badge ${now.factors.required ? "badge-warn" : ""}">${say(now.factors.required ? "factor.required" : "off")}</span>`;
    return card("app", say("factor.title"), html`<div class="card-body">${body(now)}</div>`, state);
  };
}
