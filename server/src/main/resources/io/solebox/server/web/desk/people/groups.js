// Groups: which models their members may use, what each and all may spend, how long their texts are kept.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { dialog } from "../../base/dialog.js";
import { number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { field, former, press, text } from "../parts/forms.js";
import { loads, nothingThere } from "../parts/loads.js";
import { readPeople } from "./users.js";

/** @typedef {import("./users.js").Group} Group */

const LIMITS = ["rpm", "rpd", "concurrent", "tpm", "tpd", "ppm", "ppd", "gpm", "gpd", "weight"];

/** Limits in words: `rpm=60` is 60 requests a minute. @param {string} limits */
export const limitsView = (limits) => limits
  ? html`<ul class="chips">${limits.split(" ").map((word) => {
    const [name, value] = word.split("=");
    return html`<li class="chip">${name && value && LIMITS.includes(name) ? say(`limit.${name}`, { n: Number(value) }) : word}</li>`;
  })}</ul>` : html`<span class="faint">${say("limits.none")}</span>`;

/** @param {Group | undefined} group @returns {Promise<boolean | undefined>} */
function editGroup(group) {
  /** @type {import("../parts/forms.js").Form | undefined} */
  let form;
  return dialog(group?.name ?? say("group.new"), (close, redraw) => {
    form ??= former(redraw, async (fields) => {
      /** @type {Record<string, unknown>} */
      const wish = {};
      for (const word of ["models", "limits", "shared_limits"]) if (text(fields, word).trim()) wish[word] = text(fields, word).trim();
      if (text(fields, "keep_days") !== "") wish.keep_days = Number(text(fields, "keep_days"));
      await ask("PUT", `/admin/groups/${encodeURIComponent(group?.name ?? text(fields, "name").trim())}`, wish);
      close(true);
    });
    return html`<form class="stack" @submit=${form.submit}>
      ${group ? "" : field("group-name", say("name"), html`<input class="input" id="group-name" name="name" autocomplete="off" spellcheck="false" required autofocus>`)}
      ${field("models", say("group.models"), html`<input class="input mono" id="models" name="models" .value=${group?.models ?? "*"} spellcheck="false">`, say("key.models.hint"))}
      ${field("limits", say("group.limits"), html`<input class="input mono" id="limits" name="limits" .value=${group?.limits ?? ""} placeholder="rpm=60 tpd=100000" spellcheck="false">`)}
      ${field("shared", say("group.shared"), html`<input class="input mono" id="shared" name="shared_limits" .value=${group?.shared_limits ?? ""} placeholder="tpd=1000000" spellcheck="false">`, say("limits.hint"))}
      ${field("keep", say("group.keep"), html`<input class="input" id="keep" name="keep_days" type="number" min="0" max="36500" .value=${group?.keep_days?.toString() ?? ""}>`, say("group.keep.hint"))}
      ${form.trouble()}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button>
      <button class="btn btn-primary" ?disabled=${form.busy()}>${say("save")}</button></div></form>`;
  }, { kind: "dialog-wide" });
}

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const people = loads(readPeople, place.redraw);
  people.load();

  /** @param {Group | undefined} group */
  const edit = async (group) => {
    await editGroup(group);
    await people.load();
  };
  /** @param {Group} group */
  const remove = (group) => press(place.complain, async () => {
    await ask("DELETE", `/admin/groups/${encodeURIComponent(group.name)}`);
    await people.load();
  });

  /** @param {Group} group @param {number} members */
  const groupCard = (group, members) => html`<section class="card"><header class="card-head"><h2 class="grow">${group.name}</h2>
    <span class="small faint">${say("group.members", { n: members })}</span>
    <button class="btn btn-small" @click=${() => edit(group)} aria-label=${say("edit.named", { name: group.name })}>${say("edit")}</button>
    <button class="btn btn-danger btn-small" ?disabled=${members > 0} title=${members > 0 ? say("group.in.use") : ""} @click=${remove(group)}
      aria-label=${say("remove.named", { name: group.name })}>${say("remove")}</button></header>
    <dl class="facts card-body"><dt>${say("group.models")}</dt><dd class="mono">${group.models}</dd>
    <dt>${say("group.limits")}</dt><dd>${limitsView(group.limits)}</dd><dt>${say("group.shared")}</dt><dd>${limitsView(group.shared_limits)}</dd>
    <dt>${say("group.keep")}</dt><dd>${group.keep_days === null ? say("group.keep.server") : group.keep_days === 0 ? say("group.keep.nothing") : say("days", { n: group.keep_days })}</dd></dl></section>`;

  return {
    actions: () => html`<button class="btn btn-primary" @click=${() => edit(undefined)}>${icon("plus")}${say("group.new")}</button>`,
    view: () => people.view(
      ({ users, groups }) => html`<p class="soft">${say("groups.about", { n: number(groups.length) })}</p>
        <div class="grid">${groups.map((group) => groupCard(group, users.filter((user) => user.group === group.name).length))}</div>`,
      { is: ({ groups }) => !groups.length, view: () => nothingThere(say("groups.none"), html`<button class="btn btn-primary" @click=${() => edit(undefined)}>${say("group.new")}</button>`) },
    ),
  };
}
