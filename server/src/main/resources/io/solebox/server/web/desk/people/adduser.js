// Somebody new: invited with a code, or added with a password.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { dialog } from "../../base/dialog.js";
import { say } from "../../base/words.js";
import { field, former, select, text } from "../parts/forms.js";

/** @typedef {import("./users.js").Group} Group */

export const ROLES = ["user", "admin", "viewer"];

/** @param {string} chosen */
export const roleField = (chosen) => field("role", say("role"), select("role", "role", ROLES.map((role) => [role, say(`role.${role}`)]), chosen), say("role.hint"));

/** @param {Group[]} groups @param {string} chosen */
export const groupField = (groups, chosen) => field("group", say("group"),
  select("group", "group", [["", say("group.none")], ...groups.map((group) => /** @type {[string, string]} */ ([group.name, group.name]))], chosen));

/**
 * @param {Group[]} groups
 * @returns {Promise<{code?: string} | undefined>} the code of an invitation
 */
export function addUser(groups) {
  let invites = true;
  /** @type {import("../parts/forms.js").Form | undefined} */
  let form;
  return dialog(say("user.add"), (close, redraw) => {
    form ??= former(redraw, async (fields) => {
      /** @type {Record<string, unknown>} */
      const wish = { role: text(fields, "role") };
      for (const word of ["name", "group"]) if (text(fields, word)) wish[word] = text(fields, word);
      if (invites) return close(await ask("POST", "/admin/codes", { ...wish, days: Number(text(fields, "days")) }));
      await ask("POST", "/admin/users", { ...wish, password: text(fields, "password") });
      return close({});
    });
    /** @param {boolean} its @param {string} label */
    const way = (its, label) => html`<button type="button" aria-pressed=${invites === its} @click=${() => { invites = its; redraw(); }}>${label}</button>`;
    return html`<form class="stack" @submit=${form.submit}>
      <div class="segments" role="group" aria-label=${say("user.way")}>${way(true, say("user.way.invite"))}${way(false, say("user.way.password"))}</div>
      ${field("user-name", say("name"), html`<input class="input" id="user-name" name="name" autocomplete="off" autocapitalize="none" spellcheck="false" ?required=${!invites}>`,
        invites ? say("user.name.free") : "")}
      ${invites
        ? field("days", say("user.days"), html`<input class="input" id="days" name="days" type="number" min="1" max="90" value="7" required>`)
        : field("user-password", say("password"), html`<input class="input" id="user-password" name="password" type="password" autocomplete="new-password" minlength="12" required>`, say("password.hint"))}
      <div class="form-2">${roleField("user")}${groupField(groups, "")}</div>
      ${form.trouble()}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button>
      <button class="btn btn-primary" ?disabled=${form.busy()}>${say(invites ? "user.invite" : "add")}</button></div></form>`;
  });
}
