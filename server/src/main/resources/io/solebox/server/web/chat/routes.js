// Where the page is: `/` for a new chat, `/c/ID` for one that is there.

import { newChat, openChat } from "./chats.js";
import { follow, isPartly } from "./conversation.js";
import { redraw, state } from "./state.js";
import { forgetTexts } from "./turns/texts.js";

/** @param {string} path @returns {string} the id in it, or nothing */
export const chatIn = (path) => /^\/c\/([\w-]+)$/.exec(path)?.[1] ?? "";

/** @param {string} path @returns {string} the id of what is shared, or nothing */
export const sharedIn = (path) => /^\/s\/([\w-]+)$/.exec(path)?.[1] ?? "";

export const COMPARE = "/compare";

/** @param {string} path @returns {string | undefined} the collection in it, or nothing for all of them */
export function knowledgeIn(path) {
  const found = /^\/knowledge(?:\/([\w-]+))?$/.exec(path);
  return found ? found[1] ?? "" : undefined;
}

/** Shows what an address says. @param {string} [message] one to look at */
export async function arrive(message) {
  const id = chatIn(location.pathname);
  const { pathname } = location;
  const page = pathname === COMPARE ? "compare" : sharedIn(pathname) ? "shared" : knowledgeIn(pathname) === undefined ? "chat" : "knowledge";
  state.set({ page, source: undefined });
  redraw(); // another collection is the same page
  forgetTexts();
  follow();
  if (!id) {
    newChat();
    return;
  }
  await openChat(id);
  if (message) setTimeout(() => lookAt(message), 100);
  else setTimeout(follow, 0);
}

/** @param {string} path @param {string} [message] */
export function go(path, message) {
  if (path !== location.pathname) history.pushState(null, "", path);
  document.querySelector(".app")?.classList.remove("side-open");
  return arrive(message);
}

/** @param {string} message */
function lookAt(message) {
  const turn = document.querySelector(`[data-id="${CSS.escape(message)}"]`);
  if (!turn && isPartly()) {
    setTimeout(() => lookAt(message), 50);
    return;
  }
  turn?.scrollIntoView({ block: "center" });
  turn?.classList.add("is-found");
  setTimeout(() => turn?.classList.remove("is-found"), 2000);
}

/** Links of the page change the page, without loading it. */
export function listenForLinks() {
  addEventListener("popstate", () => arrive());
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = /** @type {HTMLElement} */ (event.target).closest?.("a[href]");
    const path = link?.getAttribute("href") ?? "";
    if (!(path === "/" || path === COMPARE || chatIn(path) || knowledgeIn(path) !== undefined)) return;
    event.preventDefault();
    go(path, link?.getAttribute("data-message") ?? undefined);
  });
}
