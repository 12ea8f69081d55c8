// Keyboard shortcuts: each is told once, and the list that `?` shows is made of them.

/**
 * @typedef {{
 *   keys: string,
 *   label: string,
 *   run: (event: KeyboardEvent) => void,
 *   typing?: boolean,
 * }} Shortcut
 *   `keys`: as `Ctrl+K`, `Shift+?` or `/`; `label`: the key of its words; `typing`: also while a person writes
 */

/** @type {Shortcut[]} */
const shortcuts = [];

/** @param {Shortcut} shortcut */
export function addShortcut(shortcut) {
  shortcuts.push(shortcut);
}

export const allShortcuts = () => shortcuts.slice();

/** Whether an input method is still composing: its Enter is not ours (229 is Safari's way to say so). @param {KeyboardEvent} event */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * How a pressed key is written. Ctrl stands for Command as well.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 */
export function nameOf(event) {
  const named = event.key.length > 1 || /[a-z]/i.test(event.key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  // A sign that needs Shift on one keyboard does not on another.
  if (event.shiftKey && named) parts.push("Shift");
  parts.push(event.key.length === 1 ? event.key.toUpperCase() : event.key);
  return parts.join("+");
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Listens on the whole page; once for each page. */
export function listenForKeys() {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composing(event)) return;
    const name = nameOf(event);
    const writing = isWriting(event.target);
    const found = shortcuts.findLast((one) => one.keys === name && (one.typing || !writing));
    // A dialog has its own keys.
    if (!found || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    found.run(event);
  });
}
