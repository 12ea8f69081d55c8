// Who else on this box may ask a collection.

import { Refusal, ask } from "../base/api.js";
import { dialog } from "../base/dialog.js";
import { icon } from "../base/icons.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { repeat } from "../lib/lit-html/directives/repeat.js";
import { readCollections } from "./collections.js";

/**
 * @typedef {"read" | "write"} Rights
 * @typedef {{everyone: "none" | Rights, people: {name: string, access: Rights}[]}} Access
 */

/** @param {import("../chat/state.js").Collection} one */
export async function share(one) {
  const path = `/v1/vector_stores/${one.id}/access`;
  /** @type {Access} */
  let access = await ask("GET", path);
  /** @type {Refusal | undefined} */
  let refused;
  await dialog(say("know.share"), (close, redraw) => {
    /** @param {Access} next */
    const put = async ({ everyone, people }) => {
      try {
        access = await ask("PUT", path, { everyone, people });
        refused = undefined;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused = error;
      }
      redraw();
    };
    /** @param {SubmitEvent} event */
    const add = async (event) => {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.currentTarget);
      const name = String(new FormData(form).get("name")).trim();
      if (!name) return;
      await put({ ...access, people: [...access.people.filter((person) => person.name !== name), { name, access: "read" }] });
      if (access.people.some((person) => person.name === name)) form.reset();
    };
    /** @param {string} name @returns {Rights | "none"} */
    const rightsOf = (name) => access.people.find((person) => person.name === name)?.access ?? "none";
    /** @param {string} name @param {Rights | "none"} to */
    const change = (name, to) => put({ ...access, people: access.people.flatMap((other) => (other.name !== name ? [other] : to === "none" ? [] : [{ name, access: to }])) });
    return html`<div class="stack"><p class="soft">${say("know.share.about")}</p>
      <div class="field"><label for="know-everyone">${say("know.share.everyone")}</label>${rights("know-everyone", () => access.everyone, (to) => put({ ...access, everyone: to }))}</div>
      ${access.people.length ? html`<ul class="stack-8">${repeat(access.people, ({ name }) => name, ({ name }) => html`<li class="row"><label class="grow cut" for=${`know-person-${name}`}>${name}</label>
        ${rights(`know-person-${name}`, () => rightsOf(name), (to) => change(name, to))}</li>`)}</ul>` : ""}
      <form class="row" @submit=${add}><input class="input grow" name="name" aria-label=${say("know.share.name")} placeholder=${say("know.share.name")} autocomplete="off"><button class="btn">${say("add")}</button></form>
      ${refused ? html`<p class="hint bad" role="alert">${[refused.message, refused.remedy].filter(Boolean).join(" ")}</p>` : ""}
      <div class="dialog-actions"><button class="btn btn-primary" @click=${() => close()}>${say("close")}</button></div></div>`;
  });
  toast(say("know.share.kept"));
  await readCollections();
}

/**
 * What somebody may do. What the server has not taken is not shown.
 * @param {string} id
 * @param {() => Rights | "none"} now
 * @param {(to: Rights | "none") => Promise<void>} changed
 */
function rights(id, now, changed) {
  /** @param {Event} event */
  const choose = async (event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    await changed(/** @type {Rights | "none"} */ (select.value));
    select.value = now();
  };
  return html`<span class="know-select"><select class="select" id=${id} @change=${choose}>
    ${["none", "read", "write"].map((one) => html`<option value=${one} ?selected=${one === now()}>${say(`know.rights.${one}`)}</option>`)}</select>${icon("chevron-down")}</span>`;
}
