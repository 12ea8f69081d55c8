// What can be shown once: a key, a code. It can be copied, and is gone with the next press.

import { html } from "../../lib/lit-html/lit-html.js";
import { copyText } from "../../base/copy.js";
import { icon } from "../../base/icons.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";

/**
 * @param {string} about
 * @param {string} secret
 * @param {() => void} done
 */
export const shownOnce = (about, secret, done) => html`<div class="notice notice-good">${icon("key-round")}<div class="grow">
  <p><b>${about}</b></p><p>${say("secret.once")}</p>
  <p class="secret mono"><output>${secret}</output></p>
  <div class="row"><button type="button" class="btn btn-small" @click=${() => copy(secret)}>${icon("copy")}${say("copy")}</button>
  <button type="button" class="btn btn-quiet btn-small" @click=${done}>${say("secret.kept")}</button></div></div></div>`;

/** @param {string} text */
export async function copy(text) {
  toast(say((await copyText(text)) ? "copied" : "copy.failed"));
}
