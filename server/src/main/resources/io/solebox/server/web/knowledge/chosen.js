// Which collections a chat asks: chips where one writes, a menu to choose them, a place among the settings.

import { icon } from "../base/icons.js";
import { openBox } from "../base/menubox.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { complain } from "../chat/chats.js";
import { go } from "../chat/routes.js";
import { changeSettings } from "../chat/settings.js";
import { state } from "../chat/state.js";
import { addressOf, collections, nameOf, readCollections } from "./collections.js";

/** @returns {string[]} */
const chosen = () => state.get().settings.knowledge ?? [];

/** @param {string} id */
function toggle(id) {
  const now = chosen();
  changeSettings({ knowledge: now.includes(id) ? now.filter((one) => one !== id) : [...now, id] });
}

/** Those of this chat, each with a way to leave it out. */
export function chips() {
  if (!chosen().length) return "";
  const all = collections();
  return chosen().map((id) => {
    const one = all?.find((each) => each.id === id);
    const name = one ? nameOf(one) : all ? say("know.gone") : "…";
    return html`<span class="chip">${icon("library")}${one ? html`<a class="cut" href=${addressOf(id)}>${name}</a>` : html`<span class="cut faint">${name}</span>`}
      <button type="button" class="btn btn-quiet btn-icon btn-small" @click=${() => toggle(id)} aria-label=${say("know.leaveOut", { name })}>${icon("x")}</button></span>`;
  });
}

/** @returns {import("../base/menu.js").MenuItem[]} */
function choices() {
  const all = collections() ?? [];
  return [
    { label: say(all.length ? "know.choose" : "know.empty") },
    ...all.map((one) => ({
      word: nameOf(one), note: say("know.documents", { n: one.file_counts.completed }), checked: chosen().includes(one.id), many: true, run: () => toggle(one.id),
    })),
    { word: say("know.manage"), icon: /** @type {const} */ ("library"), href: "/knowledge" },
  ];
}

/** @param {HTMLElement} button */
export async function openChoices(button) {
  await readCollections(); // what is there may be another since
  openBox(button, choices());
}

/** A new chat that asks one collection. @param {string} id */
export async function askAbout(id) {
  await go("/");
  changeSettings({ knowledge: [id] });
}

/** Among the settings of a chat. */
export const knowledgeField = () => html`<div class="field"><span class="label">${say("nav.knowledge")}</span>${chips()}
  <button class="btn" type="button" aria-haspopup="menu" @click=${(/** @type {Event} */ event) => { openChoices(/** @type {HTMLElement} */ (event.currentTarget)).catch(complain); }}>${icon("library")}<span class="grow">${say("know.choose")}</span>${icon("chevron-down")}</button>
  <p class="hint">${say("know.choose.hint")}</p></div>`;
