// The chat page: puts its parts together and draws them when something has changed.

import { onSignedOut } from "../base/api.js";
import { icon } from "../base/icons.js";
import { sideButton, closePanels } from "../base/frame.js";
import { kept } from "../base/kept.js";
import { whoAmI } from "../base/me.js";
import "../base/theme.js";
import { addWords, say, startLanguage } from "../base/words.js";
import { html, render } from "../lib/lit-html/lit-html.js";
import { later, openChatMenu, renameChat } from "./later.js";
import { complain, onOpen } from "./chats.js";
import { conversation, follow, stay } from "./conversation.js";
import { focusComposer, restoreDraft } from "./composer/composer.js";
import { readModels } from "./composer/models.js";
import { arrive, knowledgeIn, listenForLinks, sharedIn } from "./routes.js";
import { followNews, lists, readLists } from "./sidebar/lists.js";
import { search } from "./sidebar/search.js";
import { sidebar } from "./sidebar/sidebar.js";
import { shortcuts } from "./shortcuts.js";
import { state, toggleDrawer } from "./state.js";

const comparing = later(() => import("./compare/compare.js"));
const sharing = later(() => import("./shared.js"));
const knowledge = later(() => import("../knowledge/page.js"));
const sources = later(() => import("../knowledge/panel.js"));
const settings = later(() => import("./drawer/drawer.js"));

function topbar() {
  const { chat, temporary } = state.get();
  const title = chat ? chat.title || say("nav.new") : say("nav.new");
  return html`<header class="topbar">${sideButton()}<h1 class="grow" dir="auto" @dblclick=${() => chat && renameChat(chat)}>${title}</h1>
    ${temporary || chat?.temporary ? html`<span class="badge" title=${say("empty.temporary")}>${icon("message-square-dashed")}<span class="wide-only">${say("chat.temporary")}</span></span>` : ""}
    ${chat?.folder ? html`<span class="badge wide-only">${icon("folder")}${chat.folder}</span>` : ""}
    ${chat?.tags?.map((tag) => html`<span class="badge wide-only">${icon("tag")}${tag}</span>`) ?? ""}
    <button class="btn btn-quiet btn-icon" @click=${toggleDrawer} aria-controls="settings" aria-expanded=${state.get().drawer} title=${say("drawer")} aria-label=${say("drawer")}>${icon("sliders-horizontal")}</button>
    ${chat ? html`<button class="btn btn-quiet btn-icon" aria-haspopup="menu" aria-label=${say("chat.more", { title })}
      @click=${(/** @type {Event} */ event) => openChatMenu(event, chat)}>${icon("ellipsis")}</button>` : ""}</header>`;
}

function middle() {
  switch (state.get().page) {
    case "compare": return comparing()?.comparePage();
    case "shared": return sharing()?.sharedPage(sharedIn(location.pathname));
    case "knowledge": return knowledge()?.knowledgePage(knowledgeIn(location.pathname) ?? "");
    case "chat": return html`${topbar()}${conversation()}`;
  }
}

function page() {
  return html`<a class="skip" href="#main">${say("skip")}</a>
    ${sidebar()}
    <button class="scrim" @click=${() => { closePanels(); state.set({ drawer: false, source: undefined }); }} aria-label=${say("panel.close")}></button>
    <main class="main" id="main" tabindex="-1">${middle()}</main>
    ${state.get().source ? sources()?.panel() : state.get().drawer ? settings()?.drawer() : ""}`;
}

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

function draw() {
  const { chat, drawer: open, source } = state.get();
  root.classList.toggle("has-drawer", open || Boolean(source));
  root.classList.toggle("has-source", Boolean(source));
  document.title = chat?.title ? `${chat.title} · Solebox` : "Solebox";
  render(page(), root);
  stay();
}

async function start() {
  await startLanguage();
  await addWords({}, (language) => import(`./words/${language}.js`));
  root.replaceChildren();
  for (const part of [state, lists, search]) part.subscribe(draw);
  shortcuts();
  listenForLinks();
  state.set({ model: kept("model") });
  onOpen((chat) => {
    if (chat?.settings.model) state.set({ model: chat.settings.model });
    focusComposer();
  });
  draw();
  whoAmI().then((me) => state.set({ me }), complain);
  import("./preferred.js").then((part) => part.prefer()).catch(complain);
  readModels().catch((error) => state.set({ modelsFailed: error.message }));
  readLists();
  followNews();
  document.addEventListener("sent", follow);
  // A model that was asked is loaded since.
  document.addEventListener("answered", () => { readModels().catch(complain); });
  await arrive();
  restoreDraft();
  focusComposer();
}

onSignedOut((refusal) => { import("./signin.js").then((part) => part.signIn(refusal)).catch(complain); });
start();
