// Light or dark: the system's, or what a person chose in this browser.

/** @typedef {"light" | "dark" | "system"} Theme */

const root = document.documentElement;

/** @returns {Theme} */
export function theme() {
  try {
    const kept = localStorage.getItem("theme");
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

/** @param {Theme} name */
export function setTheme(name) {
  try {
    if (name === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", name);
  } catch { /* a private window */ }
  show(name);
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
