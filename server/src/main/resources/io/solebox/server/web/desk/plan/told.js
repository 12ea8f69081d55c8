// What a plan says, in the language of the page: by the keys of its texts, and as it is said in English where it has none.

import { currentLanguage, say } from "../../base/words.js";

/** @typedef {{text: string, key?: string, values?: Part[][]}} Part a sentence, and by which key it is said in other languages */

const NUMBER = "-?[0-9][0-9,]*(?:[.][0-9]+)?";
const RANGE = new RegExp(`^(${NUMBER}) to (${NUMBER})(?= |$)`);
const SINGLE = new RegExp(`^(${NUMBER})(?= |$)`);

/** @param {string} number as in English */
const ours = (number) => Number(number.replaceAll(",", "")).toLocaleString(currentLanguage(), { minimumFractionDigits: number.split(".")[1]?.length ?? 0, maximumFractionDigits: 20 });

/** A figure or two with their unit; what begins with none is as it was. @param {string} text */
export function figure(text) {
  const range = RANGE.exec(text);
  if (range) return say("plan.range", { 1: ours(range[1]), 2: ours(range[2]) }) + text.slice(range[0].length);
  const single = SINGLE.exec(text);
  return single ? ours(single[1]) + text.slice(single[0].length) : text;
}

/** @param {Part[]} parts @returns {string} */
export const inWords = (parts) => parts.map((part) => (part.key
  ? say(`plan.text.${part.key}`, Object.fromEntries((part.values ?? []).map((value, at) => [`${at + 1}`, inWords(value)])))
  : figure(part.text))).join(" ");
