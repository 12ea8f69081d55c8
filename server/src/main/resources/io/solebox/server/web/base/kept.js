// What this browser remembers of a person's choices, so that a page begins with them; and who else hears of them.

/** @param {string} name */
export function kept(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // a private window
  }
}

/** @param {string} name @param {string} value nothing takes it away */
export function keep(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch { /* a private window */ }
}

/** @typedef {Record<string, unknown>} Choice null takes one away */

/** @type {(choice: Choice) => Promise<void>} */
let hear = async () => {};

/** Hears of what a person chooses from now on. @param {(choice: Choice) => Promise<void>} work */
export function onChoice(work) {
  hear = work;
}

/** A person has chosen something. @param {Choice} choice */
export const tellChoice = (choice) => hear(choice);
