// Language and theme of this browser.

import { html } from "../../lib/lit-html/lit-html.js";
import { setTheme, theme } from "../../base/theme.js";
import { LANGUAGES, chooseLanguage, currentLanguage, say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { field, select } from "../parts/forms.js";

/** @typedef {import("../../base/theme.js").Theme} Theme */
/** @typedef {import("../../base/words.js").Language} Language */

const THEMES = /** @type {Theme[]} */ (["system", "light", "dark"]);

/** @param {import("../main.js").Place} place */
export function looks(place) {
  /** @param {string} name */
  const speak = async (name) => {
    await chooseLanguage(/** @type {Language} */ (name));
    place.redraw();
  };
  return () => card("looks", say("looks.title"), html`<div class="card-body"><div class="stack">
    ${field("language", say("language"), select("language", "language", Object.entries(LANGUAGES), currentLanguage(), speak))}
    <div class="field"><span class="label" id="theme-label">${say("theme")}</span><div class="segments" role="group" aria-labelledby="theme-label">
    ${THEMES.map((name) => html`<button type="button" aria-pressed=${theme() === name} @click=${() => { setTheme(name); place.redraw(); }}>${say(`theme.${name}`)}</button>`)}</div></div>
    </div></div>`);
}
