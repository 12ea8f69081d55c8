// Light or dark: the system's, or what a person chose.

import { keep, kept, tellChoice } from "./kept.js";

/** @typedef {"light" | "dark" | "system"} Theme */

const root = document.documentElement;

/** @param {unknown} name @returns {Theme} */
const themeOf = (name) => (name === "light" || name === "dark" ? name : "system");

/** @returns {Theme} */
export const theme = () => themeOf(kept("theme"));

/** What a person chose here. @param {Theme} name */
export function setTheme(name) {
  followTheme(name);
  tellChoice({ theme: name });
}

/** What they have chosen elsewhere. @param {unknown} name */
export function followTheme(name) {
  const its = themeOf(name);
  keep("theme", its === "system" ? "" : its);
  show(its);
}

/** Whether the page is dark now. */
export function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** From light to dark, or back. */
export function switchTheme() {
  setTheme(isDark() ? "light" : "dark");
}

/** @param {Theme} name */
function show(name) {
  if (name === "system") delete root.dataset.theme;
  else root.dataset.theme = name;
}

show(theme());
addEventListener("storage", (event) => { if (event.key === "theme") show(theme()); });
