// Parts of the page that are fetched when they are first wanted.

import { openMenu } from "../base/menu.js";
import { complain } from "./chats.js";
import { redraw } from "./state.js";

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => T | undefined} the part, once it is there; the page is drawn again then
 */
export function later(load) {
  /** @type {T | undefined} */
  let part;
  /** @type {Promise<void> | undefined} */
  let loading;
  return () => {
    if (!part) {
      loading ??= load().then((loaded) => {
        part = loaded;
        redraw();
      }, (error) => {
        loading = undefined;
        complain(error);
      });
    }
    return part;
  };
}

// What opens by itself, without a place on the page.
export const openPalette = () => import("./palette.js").then((part) => part.openPalette(), complain);
export const openPrompts = () => import("./prompts.js").then((part) => part.openPrompts(), complain);
export const showKeys = () => import("./keylist.js").then((part) => part.showKeys(), complain);
export const importChats = () => import("./sidebar/transfer.js").then((part) => part.importChats(), complain);
export const saveAll = () => import("./sidebar/transfer.js").then((part) => part.saveAll(), complain);

/** @param {{id: string, title: string}} chat @param {"json" | "markdown" | "html"} format */
export const saveChat = (chat, format) => import("./sidebar/transfer.js").then((part) => part.saveChat(chat, format), complain);

/** @param {{id: string}} chat */
export const openTasks = (chat) => import("./tools/tasks.js").then((part) => part.openTasks(chat)).catch(complain);

/** @param {import("./state.js").ChatLine} line */
export const renameChat = (line) => import("./sidebar/actions.js").then((part) => part.rename(line), complain);

/** @param {Event} event of the menu's button @param {import("./state.js").ChatLine} line */
export function openChatMenu(event, line) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  return import("./sidebar/actions.js").then((part) => openMenu(button, part.chatMenu(line)), complain);
}

/** @param {Event} event of the button of the menu of all chats */
export function openSideMenu(event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  return import("./sidebar/actions.js").then((part) => part.openSideMenu(button), complain);
}

/** @param {import("./state.js").ChatLine} line */
export const shareChat = (line) => import("./sidebar/share.js").then((part) => part.shareChat(line), complain);
