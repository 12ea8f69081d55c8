// Settings of the chat that is open, and what else the server is told of it: in its order, and before anything that depends on it.

import { ask } from "../base/api.js";
import { complain } from "./chats.js";
import { state } from "./state.js";

/** @typedef {import("./state.js").Settings} Settings */

/** What the server is told of chats, in its order. @type {Promise<void>} */
let telling = Promise.resolve();

/** @param {string} id of the chat @param {Record<string, unknown>} patch */
export function tell(id, patch) {
  telling = telling.then(() => ask("POST", `/chats/${id}`, patch)).then(() => {}, complain);
  return telling;
}

/** Settings that the server does not have yet: what it says of them is older. @type {{id: string, settings: Settings} | undefined} */
let unsaved;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let saving;

function saveSettings() {
  if (saving === undefined || !unsaved) return;
  clearTimeout(saving);
  saving = undefined;
  const mine = unsaved;
  tell(mine.id, { settings: mine.settings }).then(() => { if (unsaved === mine) unsaved = undefined; });
}

// Whoever leaves the page has set them; nothing is waited for any more.
addEventListener("pagehide", () => {
  telling = Promise.resolve();
  saveSettings();
});

/** The server has heard what was set: what is asked for next goes by it. */
export function told() {
  saveSettings();
  return telling;
}

/** Those of a chat that the server has told of. @param {import("./state.js").Chat} chat @returns {Settings} */
export const settingsOf = (chat) => (unsaved?.id === chat.id ? unsaved.settings : chat.settings ?? {});

/** Settings of the open chat, kept with it a moment later. @param {Partial<Settings>} patch */
export function changeSettings(patch) {
  const settings = { ...state.get().settings, ...patch };
  const { chat } = state.get();
  state.set({ settings, ...(chat ? { chat: { ...chat, settings } } : {}) });
  if (!chat) return;
  if (unsaved && unsaved.id !== chat.id) saveSettings();
  unsaved = { id: chat.id, settings };
  clearTimeout(saving);
  saving = setTimeout(saveSettings, 400);
}
