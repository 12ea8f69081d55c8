// What stands around every page: the mark, the pages below the history, who is signed in.

import { html } from "../lib/lit-html/lit-html.js";
import { ask } from "./api.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { switchTheme } from "./theme.js";
import { LANGUAGES, chooseLanguage, currentLanguage, say } from "./words.js";

/** @typedef {import("./me.js").Me} Me */

/** The box with its light. */
export const mark = () => html`<svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
  <rect class="case" x="1" y="2.5" width="18" height="15" rx="3"></rect>
  <circle class="light" cx="14" cy="12.5" r="2.25"></circle></svg>`;

const narrow = () => matchMedia("(max-width: 52rem)").matches;

/** Opens or closes the sidebar: over the page where it is narrow, beside it where it is wide. */
export function toggleSide() {
  document.querySelector(".app")?.classList.toggle(narrow() ? "side-open" : "side-closed");
}

export function closePanels() {
  document.querySelector(".app")?.classList.remove("side-open");
}

export const brand = () => html`<div class="brand">${mark()}<span class="grow">Solebox</span>
  <button class="btn btn-quiet btn-icon btn-small" @click=${toggleSide} aria-label=${say("side.hide")}>${icon("panel-left")}</button></div>`;

export const sideButton = () => html`<button class="btn btn-quiet btn-icon menu-button" @click=${toggleSide}
  aria-controls="side" aria-label=${say("side.open")}>${icon("menu")}</button>`;

/**
 * Links below the history.
 * @param {{href: string, icon: import("./icons.js").IconName, word: string, here?: boolean}[]} pages
 */
export const sideNav = (pages) => html`<nav class="side-nav" aria-label=${say("nav.label")}><ul>
  ${pages.map((page) => html`<li><a class="history-item" href=${page.href} aria-current=${page.here ? "page" : "false"}>
    ${icon(page.icon)}<span class="cut">${say(page.word)}</span></a></li>`)}</ul></nav>`;

/**
 * Who is signed in, the theme, and the menu of the account.
 * @param {Me | undefined} me
 * @param {() => void} redraw after the language has changed
 */
export function account(me, redraw) {
  /** @param {Event} event */
  const menu = (event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), accountMenu(me, redraw));
  return html`<div class="account"><div class="grow"><div class="cut">${me ? me.name ?? say("account.local") : ""}</div>
    <div class="small faint row">${me?.airGap ? icon("unplug") : icon("server")}
    <span class="cut">${say(me?.airGap ? "airgap.on" : "airgap.off")}</span></div></div>
    <button class="btn btn-quiet btn-icon" @click=${switchTheme} aria-label=${say("theme.switch")}>${icon("sun-moon")}</button>
    <button class="btn btn-quiet btn-icon" @click=${menu} aria-haspopup="menu" aria-label=${say("account.menu")}>${icon("ellipsis")}</button></div>`;
}

/**
 * @param {Me | undefined} me
 * @param {() => void} redraw
 * @returns {import("./menu.js").MenuItem[]}
 */
function accountMenu(me, redraw) {
  const out = async () => {
    await ask("POST", "/auth/sign-out", {});
    location.assign("/signin");
  };
  const names = /** @type {import("./words.js").Language[]} */ (Object.keys(LANGUAGES));
  return [
    ...(me?.name ? [{ word: say("nav.account"), icon: /** @type {const} */ ("user"), href: "/desk#account" }] : []),
    { label: say("language") },
    ...names.map((name) => ({
      word: LANGUAGES[name],
      checked: name === currentLanguage(),
      run: async () => { await chooseLanguage(name); redraw(); },
    })),
    ...(me?.name ? [{ word: say("nav.out"), icon: /** @type {const} */ ("log-out"), run: out }] : []),
  ];
}
