// The desk: one's own account, and what administrators see to. Each part is a page of its own behind the address's #.

import { html, nothing, render } from "../lib/lit-html/lit-html.js";
import { account, brand, closePanels, sideButton } from "../base/frame.js";
import { icon } from "../base/icons.js";
import { whoAmI } from "../base/me.js";
import { followPreferences } from "../base/preferences.js";
import "../base/theme.js";
import { addWords, say, startLanguage } from "../base/words.js";
import { problem, skeleton } from "./parts/loads.js";
import english from "./words/en.js";

/** @typedef {import("../base/me.js").Me} Me */
/** @typedef {import("../base/icons.js").IconName} IconName */
/**
 * @typedef {{
 *   me: Me,
 *   redraw: () => void,
 *   complain: (error: unknown) => void,
 * }} Place where a part stands; `complain` shows what went wrong on top of it
 * @typedef {{view: () => unknown, actions?: () => unknown, stop?: () => void}} Part
 * @typedef {{name: string, icon: IconName, who: "account" | "all" | "admin", load: () => Promise<{part: (place: Place) => Part}>}} Entry
 */

/** @type {{label: string, entries: Entry[]}[]} */
const GROUPS = [
  { label: "desk.you", entries: [
    { name: "account", icon: "user", who: "account", load: () => import("./account/account.js") },
    { name: "usage", icon: "chart-column", who: "all", load: () => import("./usage/usage.js") },
  ] },
  { label: "desk.box", entries: [
    { name: "models", icon: "box", who: "admin", load: () => import("./models/models.js") },
    { name: "hardware", icon: "cpu", who: "admin", load: () => import("./hardware/hardware.js") },
    { name: "plan", icon: "gauge", who: "admin", load: () => import("./plan/plan.js") },
    { name: "scout", icon: "tag", who: "admin", load: () => import("./scout/scout.js") },
    { name: "running", icon: "zap", who: "admin", load: () => import("./box/running.js") },
    { name: "tools", icon: "wand-sparkles", who: "admin", load: () => import("./box/tools.js") },
    { name: "settings", icon: "settings", who: "admin", load: () => import("./box/settings.js") },
    { name: "update", icon: "refresh-cw", who: "admin", load: () => import("./update/update.js") },
  ] },
  { label: "desk.people", entries: [
    { name: "users", icon: "users", who: "admin", load: () => import("./people/users.js") },
    { name: "groups", icon: "layers", who: "admin", load: () => import("./people/groups.js") },
    { name: "keys", icon: "key-round", who: "admin", load: () => import("./people/keys.js") },
  ] },
  { label: "desk.proof", entries: [
    { name: "audit", icon: "scroll-text", who: "admin", load: () => import("./box/audit.js") },
    { name: "airgap", icon: "unplug", who: "all", load: () => import("./box/airgap.js") },
    { name: "receipts", icon: "receipt", who: "all", load: () => import("./box/receipts.js") },
  ] },
];

const root = /** @type {HTMLElement} */ (document.getElementById("app"));

/** @type {Me | undefined} */
let me;
/** @type {Entry | undefined} */
let entry;
/** @type {Part | undefined} */
let part;
/** @type {unknown} */
let trouble;
/** @type {unknown} why nothing can be shown at all */
let failed;

/** @param {Entry} each */
function maySee(each) {
  if (each.who === "all") return true;
  return each.who === "account" ? Boolean(me?.accounts && me.name) : Boolean(me?.admin);
}

function sidebar() {
  return html`<aside class="sidebar" id="side" aria-label=${say("side.desk")}>${brand()}
    <div class="side-top"><a class="btn btn-full btn-left" href="/">${icon("message-square")}<span class="grow">${say("nav.chat")}</span></a></div>
    <nav class="history" aria-label=${say("nav.label")}>${GROUPS.map((group) => {
      const shown = group.entries.filter(maySee);
      return shown.length ? html`<section class="history-group"><h2>${say(group.label)}</h2><ul>${shown.map(link)}</ul></section>` : "";
    })}</nav>
    ${account(me, draw)}</aside>
    <button class="scrim" @click=${closePanels} aria-label=${say("panel.close")}></button>`;
}

/** @param {Entry} each */
const link = (each) => html`<li><a class="history-item" href=${`#${each.name}`} aria-current=${each === entry ? "page" : nothing} @click=${closePanels}>
  ${icon(each.icon)}<span class="cut">${say(`desk.${each.name}`)}</span></a></li>`;

/** @param {unknown} error */
function complain(error) {
  trouble = error;
  draw();
  document.querySelector(".page")?.scrollTo(0, 0);
}

const troubleView = () => (trouble ? html`<div class="trouble">${problem(trouble)}
  <button class="btn btn-quiet btn-icon btn-small" aria-label=${say("close")} @click=${() => { trouble = undefined; draw(); }}>${icon("x")}</button></div>` : "");

function draw() {
  const title = entry ? say(`desk.${entry.name}`) : say("nav.desk");
  document.title = `${title} · Solebox`;
  render(html`<a class="skip" href="#main" @click=${skip}>${say("skip")}</a>${sidebar()}
    <main class="main" id="main" tabindex="-1"><header class="topbar">${sideButton()}<h1 class="grow">${title}</h1>${part?.actions?.() ?? ""}</header>
    <div class="page"><div class="page-in">${failed ? problem(failed, () => location.reload()) : html`${troubleView()}${part ? part.view() : skeleton()}`}</div></div></main>`, root);
}

/** The address's # is the part's, so that it cannot also say where to skip to. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** The part that the address names, or the first that there is. */
async function show() {
  const all = GROUPS.flatMap((group) => group.entries).filter(maySee);
  const name = location.hash.slice(1).split("/")[0];
  const wanted = all.find((each) => each.name === name) ?? all.find((each) => each.name === "models") ?? all[0];
  if (!wanted || (wanted === entry && part)) return;
  part?.stop?.();
  entry = wanted;
  part = undefined;
  trouble = undefined;
  draw();
  const loaded = await wanted.load();
  if (entry !== wanted || !me) return;
  part = loaded.part({ me, redraw: draw, complain });
  draw();
}

async function start() {
  await startLanguage();
  await addWords(english, (language) => import(`./words/${language}.js`));
  root.replaceChildren();
  me = await whoAmI();
  if (me.accounts && !me.name) {
    location.replace(`/signin?next=${encodeURIComponent(location.pathname + location.hash)}`);
    return;
  }
  addEventListener("hashchange", () => show().catch(complain));
  followPreferences().then(draw, complain);
  await show();
}

start().catch((error) => { failed = error; draw(); });
