// What stands around a page that stands alone: sign-in and first run.

import { html, render } from "../../lib/lit-html/lit-html.js";
import { mark } from "../../base/frame.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { switchTheme } from "../../base/theme.js";
import { LANGUAGES, addWords, chooseLanguage, currentLanguage, say, startLanguage } from "../../base/words.js";
import english from "../words/en.js";

/** @typedef {import("../../base/words.js").Language} Language */

/**
 * Shows a page, and draws it again when something has changed or its language has.
 * @param {string} title the key of its name
 * @param {() => unknown} view
 * @returns {Promise<() => void>} what draws it
 */
export async function alone(title, view) {
  await startLanguage();
  await addWords(english, (language) => import(`../words/${language}.js`));
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  function draw() {
    document.title = `${say(title)} · Solebox`;
    render(html`<a class="skip" href="#main">${say("skip")}</a><div class="alone"><header>${mark()}<span class="grow">Solebox</span>
      <button class="btn btn-quiet btn-icon" @click=${languages} aria-haspopup="menu" aria-label=${say("language")}>${icon("languages")}</button>
      <button class="btn btn-quiet btn-icon" @click=${switchTheme} aria-label=${say("theme.switch")}>${icon("sun-moon")}</button></header>
      <main id="main" tabindex="-1">${view()}</main></div>`, root);
  }
  /** @param {Event} event */
  function languages(event) {
    openMenu(/** @type {HTMLElement} */ (event.currentTarget), /** @type {Language[]} */ (Object.keys(LANGUAGES)).map((name) => ({
      word: LANGUAGES[name],
      checked: name === currentLanguage(),
      run: async () => { await chooseLanguage(name); draw(); },
    })));
  }
  return draw;
}

/** Where people wanted to go; only places of this server. */
export function wanted() {
  const to = new URLSearchParams(location.search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(to) ? to : "/";
}

/** @param {boolean} on */
export const airGapLine = (on) => html`<p class="small faint row">${icon(on ? "unplug" : "server")}${say(on ? "signin.airgap" : "signin.machine")}</p>`;
