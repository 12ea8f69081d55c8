// Finding chats by their titles and what was said in them.

import { ask } from "../../base/api.js";
import { store } from "../../base/store.js";

/**
 * @typedef {{chat: import("../state.js").ChatLine, message?: string, snippet: string, ranges: [number, number][]}} Hit
 * @typedef {{words: string, hits: Hit[], more: boolean, waiting: boolean, failed: string, indexed: number, damaged: number}} Search
 *   `indexed`: the part of all chats that was looked at; while it is less than 1, the server reads on and is asked again;
 *   `damaged`: how many chats and messages of that part cannot be opened
 */

/** How long until the server is asked again, in milliseconds. */
const AGAIN = 300;

/** @type {Search} */
const nothing = { words: "", hits: [], more: false, waiting: false, failed: "", indexed: 1, damaged: 0 };

/** One place where somebody looks for something. */
export function searcher() {
  const results = store(nothing);
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;

  /** @param {string} words */
  async function look(words) {
    asking = new AbortController();
    const { signal } = asking;
    try {
      const said = await ask("GET", `/chats/search?${new URLSearchParams({ q: words, limit: "50" })}`, undefined, { signal });
      const whole = said.indexed === 1;
      results.set({ hits: said.hits, more: said.more, waiting: !whole, failed: "", indexed: said.indexed, damaged: said.damaged });
      if (!whole) soon = setTimeout(() => look(words), AGAIN);
    } catch (error) {
      if (!signal.aborted) results.set({ waiting: false, hits: [], indexed: 1, damaged: 0, failed: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    get: results.get,
    subscribe: results.subscribe,
    /** @param {string} words */
    find(words) {
      asking?.abort();
      clearTimeout(soon);
      if (!words.trim()) {
        results.set(nothing);
        return;
      }
      results.set({ words, waiting: true });
      soon = setTimeout(() => look(words), 120);
    },
  };
}

/** That of the sidebar. */
export const search = searcher();
