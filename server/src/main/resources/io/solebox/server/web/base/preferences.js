// What a person has chosen follows them to another browser: it is noted with their account.

import { Refusal, ask } from "./api.js";
import { keep, onChoice } from "./kept.js";
import { followTheme } from "./theme.js";
import { toast } from "./toast.js";
import { LANGUAGES, currentLanguage, useLanguage } from "./words.js";

/** What was chosen since the page began: what the server says of it is older. @type {Set<string>} */
const chosen = new Set();

/** Whether it stays with this browser: where nothing is kept. @param {unknown} error */
const isHereOnly = (error) => error instanceof Refusal && error.status === 400;

/** @param {import("./kept.js").Choice} choice */
async function note(choice) {
  Object.keys(choice).forEach((name) => chosen.add(name));
  try {
    await ask("POST", "/preferences", choice);
  } catch (error) {
    if (!isHereOnly(error)) toast(error instanceof Error ? error.message : String(error));
  }
}

/** @param {unknown} name */
async function followLanguage(name) {
  if (typeof name !== "string" || name === currentLanguage() || !(name in LANGUAGES)) return;
  keep("language", name);
  await useLanguage(/** @type {keyof typeof LANGUAGES} */ (name));
}

/**
 * From now on choices are noted; those of other browsers are put in place once they are known. For somebody who is there.
 * @returns {Promise<Record<string, unknown>>} what they have noted, but for what they chose meanwhile
 */
export async function followPreferences() {
  onChoice(note);
  const said = await ask("GET", "/preferences");
  const noted = Object.fromEntries(Object.entries(said).filter(([name]) => !chosen.has(name)));
  if (noted.theme !== undefined) followTheme(noted.theme);
  if (noted.language !== undefined) await followLanguage(noted.language);
  return noted;
}
