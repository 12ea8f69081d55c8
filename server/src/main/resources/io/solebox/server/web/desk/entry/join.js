// Names and passwords that are new: by an invitation, by a code for another password, or by asking.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { say } from "../../base/words.js";
import { field, former, text } from "../parts/forms.js";

/** @typedef {"invitation" | "reset" | "sign-up"} Way */

/** Whether a way takes a code, and a name. @type {Record<Way, {code: boolean, name: boolean}>} */
const TAKES = {
  "invitation": { code: true, name: true },
  "reset": { code: true, name: false },
  "sign-up": { code: false, name: true },
};

/** The two fields of a new password. */
export const newPassword = () => html`${field("password", say("password"),
  html`<input class="input input-large" id="password" name="password" type="password" autocomplete="new-password" minlength="12" required
    aria-describedby="password-hint">`, say("password.hint"))}
  ${field("again", say("password.again"),
    html`<input class="input input-large" id="again" name="again" type="password" autocomplete="new-password" required>`)}`;

/** @param {FormData} fields @returns {string} the password, typed twice alike */
export function twiceAlike(fields) {
  if (text(fields, "password") !== text(fields, "again")) throw new Error(say("password.differ"));
  return text(fields, "password");
}

/**
 * @param {() => void} redraw
 * @param {{done: (way: Way, answer: any) => void, back: () => void}} then
 */
export function joining(redraw, then) {
  /** @type {Way} */
  let way = "invitation";
  const form = former(redraw, async (fields) => {
    /** @type {Record<string, string>} */
    const wish = { password: twiceAlike(fields) };
    if (TAKES[way].code) wish.code = text(fields, "code");
    if (TAKES[way].name) wish.name = text(fields, "name");
    then.done(way, await ask("POST", `/auth/${way}`, wish, { stayHere: true }));
  });
  return {
    /** @param {Way} its */
    begin(its) {
      way = its;
      form.fail(undefined);
    },
    view: () => html`<div class="panel"><div class="stack-8"><h1>${say(`join.${way}`)}</h1><p class="soft">${say(`join.${way}.about`)}</p></div>
      ${form.trouble()}
      <form class="stack" @submit=${form.submit}>
      ${TAKES[way].code ? field("join-code", say("code"), html`<input class="input input-large mono" id="join-code" name="code" autocomplete="off"
        autocapitalize="characters" spellcheck="false" required autofocus aria-describedby="join-code-hint">`, say(`join.${way}.code`)) : ""}
      ${TAKES[way].name ? field("join-name", say("name"), html`<input class="input input-large" id="join-name" name="name" autocomplete="username"
        autocapitalize="none" spellcheck="false" required>`) : ""}
      ${newPassword()}
      <button class="btn btn-primary btn-large btn-full" ?disabled=${form.busy()}>${say(`join.${way}.do`)}</button>
      <button type="button" class="btn btn-quiet btn-large btn-full" @click=${then.back}>${say("back")}</button></form></div>`,
  };
}
