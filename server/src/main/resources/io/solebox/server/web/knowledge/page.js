// The page of knowledge: all collections, or one of them.

import { sideButton } from "../base/frame.js";
import { icon } from "../base/icons.js";
import { openMenu } from "../base/menu.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { repeat } from "../lib/lit-html/directives/repeat.js";
import { complain } from "../chat/chats.js";
import { state } from "../chat/state.js";
import { collectionPage } from "./collection.js";
import { addressOf, collections, followCollections, nameOf, readCollections, removeCollection, whyNot } from "./collections.js";
import { leave } from "./documents.js";
import { describe, make } from "./making.js";
import { needsModel } from "./embedding.js";
import { figures, loading, problem, working } from "./parts.js";
import { share } from "./sharing.js";

/** @typedef {import("../chat/state.js").Collection} Collection */

/** @param {string} id of the collection, or nothing for all of them */
export function knowledgePage(id) {
  const all = collections();
  if (id) return collectionPage(id, all?.find((one) => one.id === id), collectionMenu);
  leave();
  return html`<header class="topbar">${sideButton()}<h1 class="grow">${say("nav.knowledge")}</h1>
      <button class="btn btn-primary" @click=${() => make().catch(complain)}>${icon("plus")}${say("know.new")}</button></header>
    <div class="page"><div class="know">${body(all)}</div></div>`;
}

/** @param {Collection[] | undefined} all */
function body(all) {
  const failed = whyNot();
  if (failed) return problem(failed, () => { readCollections(); });
  if (!all) return loading();
  if (!all.length) return html`${needsModel()}<div class="empty"><p>${say("know.empty")}</p>
    <button class="btn" @click=${() => make().catch(complain)}>${icon("plus")}${say("know.new")}</button></div>`;
  if (all.some((one) => one.file_counts.in_progress)) followCollections();
  return html`${needsModel()}<ul class="card know-list">${repeat(all, (one) => one.id, row)}</ul>`;
}

/** @param {Collection} one */
function row(one) {
  const name = nameOf(one);
  return html`<li><a class="grow know-link" href=${addressOf(one.id)}><h2 class="cut" dir="auto">${name}</h2>
      ${one.description ? html`<p class="soft cut" dir="auto">${one.description}</p>` : ""}
      <p class="small faint num">${figures(one)}</p>${working(one)}</a>
    ${one.access === "owner" ? "" : html`<span class="badge">${icon("users")}<span class="wide-only">${say("know.of", { name: one.owner_name ?? "" })}</span></span>`}
    <button class="btn btn-quiet btn-icon" aria-haspopup="menu" aria-label=${say("chat.more", { title: name })}
      @click=${(/** @type {Event} */ event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), collectionMenu(one))}>${icon("ellipsis")}</button></li>`;
}

/** @param {Collection} one @param {() => void} [gone] what is done once it was removed from sight @returns {import("../base/menu.js").MenuItem[]} */
function collectionMenu(one, gone = () => {}) {
  const mine = one.access === "owner";
  return [
    ...(mine ? [{ word: say("know.describe"), icon: /** @type {const} */ ("pencil"), run: () => { describe(one).catch(complain); } }] : []),
    ...(mine && state.get().me?.accounts ? [{ word: say("know.share"), icon: /** @type {const} */ ("share-2"), run: () => { share(one).catch(complain); } }] : []),
    { word: say("know.ask"), icon: "message-square", run: () => { import("./chosen.js").then((part) => part.askAbout(one.id)).catch(complain); } },
    ...(mine ? [{ word: say("delete"), icon: /** @type {const} */ ("trash-2"), danger: true, run: () => { removeCollection(one); gone(); } }] : []),
  ];
}
