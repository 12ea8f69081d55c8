// Who else on this box may ask a collection.

import { ask } from "../base/api.js";
import { dialog } from "../base/dialog.js";
import { icon } from "../base/icons.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { complain } from "../chat/chats.js";
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
  await dialog(say("know.share"), (close, redraw) => {
    /** @param {Access} next */
    const put = async (next) => {
      try {
        access = await ask("PUT", path, next);
      } catch (error) {
        complain(error);
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
    return html`<div class="stack"><p class="soft">${say("know.share.about")}</p>
      <div class="field"><label for="know-everyone">${say("know.share.everyone")}</label>${rights("know-everyone", access.everyone, (to) => put({ ...access, everyone: to }))}</div>
      ${access.people.length ? html`<ul class="stack-8">${access.people.map((person, at) => html`<li class="row"><label class="grow cut" for=${`know-person-${at}`}>${person.name}</label>
        ${rights(`know-person-${at}`, person.access, (to) => put({ ...access, people: access.people.flatMap((other) => (other !== person ? [other] : to === "none" ? [] : [{ ...person, access: to }])) }))}</li>`)}</ul>` : ""}
      <form class="row" @submit=${add}><input class="input grow" name="name" aria-label=${say("know.share.name")} placeholder=${say("know.share.name")} autocomplete="off"><button class="btn">${say("add")}</button></form>
      <div class="dialog-actions"><button class="btn btn-primary" @click=${() => close()}>${say("close")}</button></div></div>`;
  });
  toast(say("know.share.kept"));
  await readCollections();
}

/**
 * @param {string} id
 * @param {Rights | "none"} now
 * @param {(to: Rights | "none") => void} changed
 */
const rights = (id, now, changed) => html`<span class="know-select"><select class="select" id=${id} @change=${(/** @type {Event} */ event) => changed(/** @type {Rights | "none"} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
  ${["none", "read", "write"].map((one) => html`<option value=${one} ?selected=${one === now}>${say(`know.rights.${one}`)}</option>`)}</select>${icon("chevron-down")}</span>`;
