// Ctrl+K: everything that can be done, and every chat, by a few letters.

import { dialog } from "../base/dialog.js";
import { icon } from "../base/icons.js";
import { composing } from "../base/keys.js";
import { toggleSide } from "../base/frame.js";
import { switchTheme } from "../base/theme.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { choose } from "./composer/modelmenu.js";
import { importChats, openPrompts, saveAll, showKeys } from "./later.js";
import { COMPARE, go } from "./routes.js";
import { marked, partly } from "./sidebar/results.js";
import { searcher } from "./sidebar/search.js";
import { lists } from "./sidebar/lists.js";
import { newTemporary } from "./sidebar/temporary.js";
import { state, toggleDrawer } from "./state.js";

/** @typedef {{group: string, word: unknown, text: string, note?: string, icon: import("../base/icons.js").IconName, run: () => void}} Entry */

/** @returns {Entry[]} */
function commands() {
  const group = say("palette.do");
  /** @type {[string, import("../base/icons.js").IconName, () => void][]} */
  const all = [
    ["nav.new", "plus", () => { go("/"); }],
    ["chat.temporary", "message-square-dashed", newTemporary],
    ["prompts", "text-quote", openPrompts],
    ["drawer", "sliders-horizontal", toggleDrawer],
    ["nav.knowledge", "library", () => { go("/knowledge"); }],
    ["nav.compare", "columns-2", () => { go(COMPARE); }],
    ["theme.switch", "sun-moon", switchTheme],
    ["keys.side", "panel-left", toggleSide],
    ["import", "upload", importChats],
    ["export.all", "download", saveAll],
    ["keys.title", "keyboard", showKeys],
  ];
  const models = state.get().models.map((model) => ({
    group: say("nav.models"), text: model.id, word: say("palette.use", { model: model.id }), icon: /** @type {const} */ ("box"), run: () => choose(model.id),
  }));
  return [...all.map(([word, name, run]) => ({ group, text: say(word), word: say(word), icon: name, run })), ...models];
}

/** Whether all words of a wish are in a text, in any order. @param {string} text @param {string} wish */
export const fits = (text, wish) => wish.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));

/** @param {string} wish @param {ReturnType<typeof searcher>} search @returns {Entry[]} */
function entries(wish, search) {
  const chats = say("side.chats");
  const found = commands().filter((one) => fits(one.text, wish));
  if (!wish) {
    return [...found, ...lists.get().lines.slice(0, 8).map((line) => ({
      group: chats, text: line.title, word: line.title || say("nav.new"), icon: /** @type {const} */ ("message-square"), run: () => { go(`/c/${line.id}`); },
    }))];
  }
  return [...found.slice(0, 6), ...search.get().hits.slice(0, 12).map((hit) => ({
    group: chats, text: hit.chat.title, icon: /** @type {const} */ ("message-square"),
    word: hit.message ? html`${hit.chat.title}: ${marked(hit.snippet, hit.ranges)}` : marked(hit.snippet, hit.ranges),
    run: () => { go(`/c/${hit.chat.id}`, hit.message); },
  }))];
}

export function openPalette() {
  const search = searcher();
  let wish = "";
  let at = 0;
  let end = () => {};
  dialog(say("palette"), (close, redraw) => {
    const all = entries(wish, search);
    at = Math.min(at, Math.max(0, all.length - 1));
    end();
    end = search.subscribe(redraw);
    /** @param {Entry | undefined} entry */
    const run = (entry) => {
      if (!entry) return;
      close();
      entry.run();
    };
    /** @param {KeyboardEvent} event */
    const key = (event) => {
      if (composing(event)) return;
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? all.length - 1 : 0;
      if (event.key === "Enter") run(all[at]);
      else if (step && all.length) at = (at + step) % all.length;
      else return;
      event.preventDefault();
      redraw();
      document.getElementById(`palette-${at}`)?.scrollIntoView({ block: "nearest" });
    };
    /** @param {Event} event */
    const input = (event) => {
      wish = /** @type {HTMLInputElement} */ (event.target).value.trim();
      at = 0;
      search.find(wish);
      redraw();
    };
    let group = "";
    return html`<div class="palette-inside"><div class="palette-input">${icon("search")}<input role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label=${say("palette.label")}
      aria-activedescendant=${`palette-${at}`} placeholder=${say("palette.label")} autocomplete="off" autofocus @input=${input} @keydown=${key}></div>
      <div class="palette-list" id="palette-list" role="listbox" aria-label=${say("search.results")}>${all.map((entry, index) => {
        const head = entry.group === group ? "" : html`<p class="menu-label" role="presentation">${entry.group}</p>`;
        group = entry.group;
        return html`${head}<div class="menu-item" role="option" id=${`palette-${index}`} aria-selected=${index === at} @click=${() => run(entry)}>${icon(entry.icon)}<span class="grow cut">${entry.word}</span></div>`;
      })}${all.length || search.get().waiting ? "" : html`<p class="empty">${say("search.nothing")}</p>`}</div>${partly(search.get())}</div>`;
  }, { kind: "palette" }).finally(() => end());
}
