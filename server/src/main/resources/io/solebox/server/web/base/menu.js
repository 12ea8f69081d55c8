// Menus, which are fetched when the first one is opened.

/**
 * @typedef {{
 *   word?: string,
 *   label?: string,
 *   note?: string,
 *   below?: string[],
 *   icon?: import("./icons.js").IconName,
 *   href?: string,
 *   checked?: boolean,
 *   many?: boolean,
 *   danger?: boolean,
 *   run?: () => void,
 * }} MenuItem
 *   `label` alone is a heading; `note` stands faint behind the word, and each of `below` on a line of its own; `many`: others may be checked as well
 */

/**
 * Opens a menu beside its button, or closes it.
 * @param {HTMLElement} button
 * @param {MenuItem[]} items
 */
export function openMenu(button, items) {
  import("./menubox.js").then((box) => box.openBox(button, items), console.error);
}
