// The texts that people see, in their language. A part of the pages brings words of its own with `addWords`.

import { keep, kept, tellChoice } from "./kept.js";

/** @typedef {Record<string, string>} Words */

/** The languages there are, each by its own name. docs/web.md says how one is added. */
export const LANGUAGES = /** @type {const} */ ({ en: "English", de: "Deutsch", zh: "中文" });

/** @typedef {keyof typeof LANGUAGES} Language */

/** Those that are written from right to left, should one of them come. */
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

/** @type {Words} of one language: a test holds that each has them all */
let words = {};
/** @type {Language} */
let language = "en";
/** @type {((language: Language) => Promise<{default: Words}>)[]} */
const parts = [(name) => import(`./words/${name}.js`)];

export const currentLanguage = () => language;

/**
 * The language that a person chose, or the first of the browser's that there is.
 * @param {string | null} chosen
 * @param {readonly string[]} wanted
 * @returns {Language}
 */
export function pickLanguage(chosen, wanted) {
  const names = /** @type {Language[]} */ (Object.keys(LANGUAGES));
  for (const want of [chosen ?? "", ...wanted]) {
    const short = want.toLowerCase().split("-")[0];
    const found = names.find((name) => name === short);
    if (found) return found;
  }
  return "en";
}

/**
 * Puts a language in place for the whole page.
 * @param {Language} name
 */
export async function useLanguage(name) {
  const loaded = await Promise.all(parts.map((load) => load(name)));
  words = Object.assign({}, ...loaded.map((part) => part.default));
  language = name;
  document.documentElement.lang = name;
  document.documentElement.dir = RIGHT_TO_LEFT.has(name) ? "rtl" : "ltr";
}

/**
 * Words of a part of the pages: `addWords({}, (language) => import(`./words/${language}.js`))`.
 * @param {Words} ground what holds where a language lacks a key; a test holds that none does
 * @param {(language: Language) => Promise<{default: Words}>} load
 */
export async function addWords(ground, load) {
  parts.push(load);
  words = { ...ground, ...words, ...(await load(language)).default };
}

/**
 * The text of a key, with `{name}` replaced by what `places` has. A key with `|one` is taken where
 * `places.n` is 1.
 * @param {string} name
 * @param {Record<string, string | number>} [places]
 */
export function say(name, places) {
  const text = (places?.n === 1 && words[`${name}|one`]) || (words[name] ?? name);
  return places ? fill(text, places) : text;
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} places
 */
export function fill(text, places) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = places[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

/** The language of this browser's person, put in place; pages await it before they draw. */
export async function startLanguage() {
  await useLanguage(pickLanguage(kept("language"), navigator.languages));
}

/** What a person chose here. @param {Language} name */
export async function chooseLanguage(name) {
  keep("language", name);
  tellChoice({ language: name });
  await useLanguage(name);
}
