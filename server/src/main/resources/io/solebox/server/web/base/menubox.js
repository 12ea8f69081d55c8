// A small menu beside a button: arrow keys, Escape, and a press elsewhere closes it.

import { html, render } from "../lib/lit-html/lit-html.js";
import { icon } from "./icons.js";

/** @typedef {import("./menu.js").MenuItem} MenuItem */

/** @type {(() => void) | undefined} */
let closeOpen;

/**
 * @param {HTMLElement} button
 * @param {MenuItem[]} items
 * @returns {(items: MenuItem[]) => boolean} shows others, while it is open; whether it still is
 */
export function openBox(button, items) {
  const again = button.getAttribute("aria-expanded") === "true";
  closeOpen?.();
  if (again) return () => false;
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", button.getAttribute("aria-label") ?? button.textContent?.trim() ?? "");
  // In a dialog only what is inside it can be pressed.
  (button.closest("dialog") ?? document.body).append(menu);
  const close = () => {
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", away, true);
    removeEventListener("resize", close);
    if (closeOpen === close) closeOpen = undefined;
  };
  /** @param {Event} event */
  const away = (event) => {
    const target = /** @type {Node} */ (event.target);
    if (!menu.contains(target) && !button.contains(target)) close();
  };
  /** @param {MenuItem[]} all */
  const show = (all) => {
    if (!menu.isConnected) return false;
    render(all.map((item) => entry(item, close)), menu);
    place(menu, button);
    return true;
  };
  show(items);
  button.setAttribute("aria-expanded", "true");
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
      button.focus();
    } else move(menu, event);
  });
  addEventListener("pointerdown", away, true);
  addEventListener("resize", close);
  closeOpen = close;
  entries(menu)[0]?.focus();
  return show;
}

/**
 * The same where more of them may be known while it is open.
 * @param {HTMLElement} button
 * @param {() => MenuItem[]} items
 * @param {{subscribe: (hear: () => void) => () => void}} store of what they are made of
 */
export function openLive(button, items, store) {
  const show = openBox(button, items());
  const end = store.subscribe(() => { if (!show(items())) end(); });
}

/** @param {HTMLElement} menu */
const entries = (menu) => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".menu-item")]);

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function move(menu, event) {
  const all = entries(menu);
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next % all.length]?.focus();
}

/** @param {MenuItem} item @param {() => void} close */
function entry(item, close) {
  if (item.label) return html`<p class="menu-label" role="presentation">${item.label}</p>`;
  const inside = html`${item.checked === undefined ? (item.icon ? icon(item.icon) : "") : icon("check", { kind: item.checked ? "" : "icon-none" })}
    <span class="grow menu-words"><span class="cut">${item.word}</span>${item.below?.map((line) => html`<span class="faint small num">${line}</span>`) ?? ""}</span>${item.note ? html`<span class="faint small num">${item.note}</span>` : ""}`;
  const kind = item.danger ? "menu-item btn-danger" : "menu-item";
  if (item.href) return html`<a class=${kind} role="menuitem" href=${item.href} @click=${close}>${inside}</a>`;
  return html`<button class=${kind} role=${item.checked === undefined ? "menuitem" : item.many ? "menuitemcheckbox" : "menuitemradio"}
    aria-checked=${item.checked ?? "false"} @click=${() => { close(); item.run?.(); }}>${inside}</button>`;
}

/** Below the button, or above it where there is more room; never outside the window. @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = innerHeight - at.bottom;
  const top = below > size.height + 12 || below > at.top ? at.bottom + 4 : at.top - size.height - 4;
  const start = at.left + size.width + 8 > innerWidth ? at.right - size.width : at.left;
  menu.style.top = `${Math.max(8, Math.min(top, innerHeight - size.height - 8))}px`;
  menu.style.left = `${Math.max(8, start)}px`;
}
