// What a person prefers for chats: the model that was asked last, and what new chats begin with.

import { keep, kept, tellChoice } from "../base/kept.js";
import { followPreferences } from "../base/preferences.js";
import { redraw, state } from "./state.js";

/** @typedef {import("./state.js").Options} Options */

/** What chats begin with from now on, the page's new one too if it has nothing of its own. @param {Options} options */
function begin(options) {
  const defaults = Object.keys(options).length ? { options } : {};
  const { chat, settings } = state.get();
  state.set({ defaults, ...(chat || Object.keys(settings).length ? {} : { settings: defaults }) });
}

/** The same as a person's choice. @param {Options} defaults */
export function useDefaults(defaults) {
  begin(defaults);
  keep("defaults", JSON.stringify(defaults));
  tellChoice({ defaults });
}

/** This browser's copy. @returns {Options} */
function keptDefaults() {
  try {
    return JSON.parse(kept("defaults") || "{}");
  } catch {
    return {}; // not ours
  }
}

/** Puts in place what this browser remembers, and then what the account has noted, from whatever browser. */
export async function prefer() {
  begin(keptDefaults());
  const { model, defaults } = await followPreferences();
  if (typeof model === "string") {
    const { models, chatId } = state.get();
    keep("model", model);
    if (!chatId && (!models.length || models.some((one) => one.id === model))) state.set({ model });
  }
  if (defaults && typeof defaults === "object") {
    keep("defaults", JSON.stringify(defaults));
    begin(/** @type {Options} */ (defaults));
  }
  redraw();
}
