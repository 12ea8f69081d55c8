// The chat's keys.

import { addShortcut, listenForKeys } from "../base/keys.js";
import { toggleSide } from "../base/frame.js";
import { switchTheme } from "../base/theme.js";
import { complain, path, running, stop } from "./chats.js";
import { draftText, focusComposer } from "./composer/composer.js";
import { openPalette, showKeys } from "./later.js";
import { go } from "./routes.js";
import { state, toggleDrawer } from "./state.js";

export function shortcuts() {
  addShortcut({ keys: "Escape", label: "keys.stop", typing: true, run: escape });
  addShortcut({ keys: "Ctrl+K", label: "keys.palette", typing: true, run: openPalette });
  addShortcut({ keys: "/", label: "keys.write", run: focusComposer });
  addShortcut({ keys: "Ctrl+Shift+O", label: "nav.new", typing: true, run: () => { go("/"); } });
  addShortcut({ keys: "Ctrl+Shift+S", label: "keys.side", typing: true, run: toggleSide });
  addShortcut({ keys: "Ctrl+.", label: "drawer", typing: true, run: toggleDrawer });
  addShortcut({ keys: "Ctrl+Shift+L", label: "theme.switch", typing: true, run: switchTheme });
  addShortcut({ keys: "ArrowUp", label: "keys.editLast", typing: true, run: editLast });
  addShortcut({ keys: "?", label: "keys.title", run: showKeys });
  listenForKeys();
}

/** What is nearest is closed first; then a running answer is stopped. */
function escape() {
  const app = document.querySelector(".app");
  if (app?.classList.contains("side-open")) app.classList.remove("side-open");
  else if (state.get().source) import("../knowledge/panel.js").then((part) => part.close(), complain);
  else if (state.get().editing) state.set({ editing: "" });
  else if (path().some((one) => running.has(one.id))) stop().catch(complain);
  else if (state.get().drawer) state.set({ drawer: false });
}

/** In an empty composer, the arrow leads to what was said last. @param {KeyboardEvent} event */
function editLast(event) {
  const field = /** @type {HTMLElement} */ (event.target);
  const last = path().findLast((one) => one.role === "user");
  if (field.id === "ask" && !draftText() && last) state.set({ editing: last.id });
  else if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) moveUp(field);
}

/** What the key does by itself, since it was taken. @param {HTMLTextAreaElement | HTMLInputElement} field */
function moveUp(field) {
  const before = field.value.slice(0, field.selectionStart ?? 0);
  const line = before.lastIndexOf("\n");
  const column = before.length - line - 1;
  const above = line < 0 ? -1 : before.lastIndexOf("\n", line - 1);
  const to = line < 0 ? 0 : Math.min(above + 1 + column, line);
  field.setSelectionRange(to, to);
}
