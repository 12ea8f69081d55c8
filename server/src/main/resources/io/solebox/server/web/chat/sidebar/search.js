// Finding chats by their titles and what was said in them.

import { ask } from "../../base/api.js";
import { store } from "../../base/store.js";
import { html } from "../../lib/lit-html/lit-html.js";

/**
 * @typedef {{chat: import("../state.js").ChatLine, message?: string, snippet: string, ranges: [number, number][]}} Hit
 * @typedef {{words: string, hits: Hit[], more: boolean, waiting: boolean, failed: string}} Search
 */

/** @type {Search} */
const nothing = { words: "", hits: [], more: false, waiting: false, failed: "" };

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
      results.set({ hits: said.hits, more: said.more, waiting: false, failed: "" });
    } catch (error) {
      if (!signal.aborted) results.set({ waiting: false, hits: [], failed: error instanceof Error ? error.message : String(error) });
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

/** A text with what was found in it marked. @param {string} text @param {[number, number][]} ranges */
export function marked(text, ranges) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from < at) continue;
    parts.push(text.slice(at, from), html`<mark>${text.slice(from, to)}</mark>`);
    at = to;
  }
  parts.push(text.slice(at));
  return parts;
}
