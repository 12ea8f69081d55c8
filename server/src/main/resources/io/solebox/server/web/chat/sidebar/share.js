// Showing a chat to others on this box, by a link, for reading.

import "../apart/ready.js";
import { ask } from "../../base/api.js";
import { copyText } from "../../base/copy.js";
import { dialog } from "../../base/dialog.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain } from "../chats.js";

/** @typedef {{url: string, to: "everyone" | string[]}} Share */

/** @param {Share} share */
const address = (share) => new URL(share.url, location.href).href;

/** @param {import("../state.js").ChatLine} line */
export async function shareChat(line) {
  /** @type {Share | null} */
  const before = await ask("GET", `/chats/${line.id}/share`).then((said) => said.share, complain);
  let names = Array.isArray(before?.to) ? before.to.join(", ") : "";
  let link = before ? address(before) : "";
  await dialog(say("share.title"), (close, redraw) => {
    const make = async () => {
      const to = names.split(",").map((one) => one.trim()).filter(Boolean);
      try {
        const said = await ask("POST", `/chats/${line.id}/share`, { rights: "read", to: to.length ? to : "everyone" });
        link = address(said.share);
        redraw();
      } catch (error) {
        complain(error);
      }
    };
    const end = async () => {
      await ask("DELETE", `/chats/${line.id}/share`).then(() => toast(say("share.ended")), complain);
      close();
    };
    const copy = async () => toast(say((await copyText(link)) ? "copied" : "copy.failed"));
    return html`<div class="stack"><p class="soft">${say("share.about")}</p>
      <div class="field"><label for="share-to">${say("share.to")}</label><input class="input" id="share-to" .defaultValue=${names} placeholder=${say("share.everyone")}
        @input=${(/** @type {Event} */ event) => { names = /** @type {HTMLInputElement} */ (event.target).value; }}></div>
      ${link ? html`<div class="row"><input class="input grow" readonly aria-label=${say("share.link")} .value=${link}><button class="btn" @click=${copy}>${say("copy")}</button></div>` : ""}
      <div class="dialog-actions"><button class="btn btn-quiet" @click=${end}>${say("share.end")}</button><span class="grow"></span>
        <button class="btn" @click=${() => close()}>${say("close")}</button><button class="btn btn-primary" @click=${make}>${say("share.make")}</button></div></div>`;
  });
}
