// Where an answer names its sources: `[2]` is a button where there is a second source, and text where there is none.

import { say } from "../../base/words.js";

/** @typedef {import("../state.js").Source} Source */

/** `[2]`, and `[2, 5]`; a link is none. */
const CITE = /^\[(\d{1,3}(?:, ?\d{1,3})*)\](?!\()/;

/** What marked is taught for a text that has sources. @param {Source[]} sources */
export const citing = (sources) => ({
  name: "cite",
  level: "inline",
  /** @param {string} text */
  start: (text) => /\[\d/.exec(text)?.index,
  /** @this {{lexer: {tokens: {links: object}}}} @param {string} text */
  tokenizer(text) {
    const [raw, inside = ""] = CITE.exec(text) ?? [""];
    const named = inside.split(/, ?/).map((n) => sources.find((one) => String(one.n) === n));
    // Where the text itself says what a number stands for, it is a link.
    if (!named.every(Boolean) || inside in this.lexer.tokens.links) return undefined;
    return { type: "cite", raw, sources: named };
  },
});

/** @param {{sources: Source[]}} token */
export function drawCites({ sources }) {
  const all = document.createElement("span");
  for (const { n, filename } of sources) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cite";
    button.textContent = button.dataset.n = String(n);
    button.setAttribute("aria-label", say("cite", { n: String(n), name: filename }));
    all.append(button);
  }
  return all;
}
