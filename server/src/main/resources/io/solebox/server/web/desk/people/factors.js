// What somebody brings beside a password, as an administrator sees and takes it away, where it is lost.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { dialog } from "../../base/dialog.js";
import { say } from "../../base/words.js";
import { lastUse } from "../account/passkeys.js";
import { row } from "../parts/card.js";
import { press } from "../parts/forms.js";
import { loads, problem } from "../parts/loads.js";
import { userPath } from "./users.js";

/** @typedef {import("../account/account.js").Factors} Factors */

/** @param {string} name of somebody */
export function showFactors(name) {
  const path = `${userPath(name)}/factors`;
  /** @type {import("../parts/loads.js").Loads<Factors> | undefined} */
  let factors;
  /** @type {unknown} */
  let trouble;
  return dialog(say("factors.title", { name }), (close, redraw) => {
    if (!factors) {
      factors = loads(async () => /** @type {Factors} */ (await ask("GET", path)), redraw);
      factors.load();
    }
    const all = factors;
    /** @param {string} factor `app`, or the id of a passkey */
    const remove = (factor) => press((error) => { trouble = error; redraw(); }, async () => {
      trouble = undefined;
      await ask("DELETE", `${path}/${encodeURIComponent(factor)}`);
      await all.load();
    });
    /** @param {string} factor @param {string} label */
    const removing = (factor, label) => html`<button type="button" class="btn btn-danger btn-small" @click=${remove(factor)} aria-label=${say("remove.named", { name: label })}>${say("remove")}</button>`;

    /** @param {Factors} now */
    const full = (now) => html`<ul class="lines">
      ${now.app ? row(say("factor.title"), say("factor.left", { n: now.recovery_codes_left }), removing("app", say("factor.title"))) : ""}
      ${now.passkeys.map((each) => row(each.name, html`${each.host} · ${lastUse(each.last_use)}`, removing(each.id, each.name)))}</ul>`;
    return html`<div class="stack"><p class="soft">${say("factors.about")}</p>${trouble ? problem(trouble) : ""}
      ${all.view(full, { is: (now) => !now.app && !now.passkeys.length, view: () => html`<p>${say("factors.none")}</p>` })}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("close")}</button></div></div>`;
  });
}
