// What somebody may do: role, group, limits.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { dialog } from "../../base/dialog.js";
import { say } from "../../base/words.js";
import { field, former, text } from "../parts/forms.js";
import { groupField, roleField } from "./adduser.js";
import { userPath } from "./users.js";

/**
 * @param {import("./users.js").User} user
 * @param {import("./users.js").Group[]} groups
 * @returns {Promise<boolean | undefined>}
 */
export function editUser(user, groups) {
  /** @type {import("../parts/forms.js").Form | undefined} */
  let form;
  return dialog(user.name, (close, redraw) => {
    form ??= former(redraw, async (fields) => {
      /** @type {Record<string, string>} */
      const changes = {};
      const before = /** @type {Record<string, string>} */ ({ role: user.role, group: user.group ?? "", limits: user.limits });
      for (const word of Object.keys(before)) if (text(fields, word).trim() !== before[word]) changes[word] = text(fields, word).trim();
      if (Object.keys(changes).length) await ask("PATCH", userPath(user.name), changes);
      close(true);
    });
    return html`<form class="stack" @submit=${form.submit}>
      ${roleField(user.role)}${groupField(groups, user.group ?? "")}
      ${field("limits", say("limits"), html`<input class="input mono" id="limits" name="limits" .value=${user.limits} placeholder="rpm=60 tpd=100000" spellcheck="false">`, say("limits.hint"))}
      ${form.trouble()}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button>
      <button class="btn btn-primary" ?disabled=${form.busy()}>${say("save")}</button></div></form>`;
  });
}
