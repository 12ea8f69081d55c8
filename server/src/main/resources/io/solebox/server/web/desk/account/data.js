// All that is kept for somebody: taken along as one file, and deleted with the account.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { field, former, text } from "../parts/forms.js";

/**
 * @param {import("../main.js").Place} place
 * @param {import("../parts/loads.js").Loads<import("./account.js").Own>} own
 */
export function ownData(place, own) {
  let typed = "";
  const leave = former(place.redraw, async (fields) => {
    await ask("POST", "/auth/delete", { name: text(fields, "name"), password: text(fields, "password") }, { stayHere: true });
    location.assign("/signin");
  });

  return () => {
    const user = own.data()?.user;
    if (!user) return "";
    const ready = typed === user.name;
    return card("data", say("data.title"), html`<div class="card-body">
      <p class="soft">${say("data.about")}</p>
      <div class="row"><a class="btn" href="/auth/export" download>${icon("download")}${say("data.export")}</a></div>
      <details class="danger"><summary>${say("data.delete")}</summary><form class="stack inset" @submit=${leave.submit}>
        <p class="soft">${say("data.delete.about")}</p>
        ${field("leave-name", say("typed.label", { word: user.name }), html`<input class="input" id="leave-name" name="name" autocomplete="off" autocapitalize="none"
          spellcheck="false" @input=${(/** @type {Event} */ event) => { typed = /** @type {HTMLInputElement} */ (event.target).value; place.redraw(); }}>`)}
        ${user.password ? field("leave-password", say("password"), html`<input class="input" id="leave-password" name="password" type="password"
          autocomplete="current-password" required>`) : ""}
        ${leave.trouble()}<div class="row"><button class="btn btn-danger" ?disabled=${!ready || leave.busy()}>${say("data.delete.do")}</button></div></form></details></div>`);
  };
}
