// A short word at the foot of the page: what was done, with a way back for ten seconds.

import { html, render } from "../lib/lit-html/lit-html.js";
import { announce } from "./announce.js";
import { say } from "./words.js";

const SECONDS = 10;

/** @type {{root: HTMLElement, end: () => void} | undefined} */
let shown;

/**
 * @param {string} text
 * @param {{undo?: () => void | Promise<void>, then?: () => void, label?: string}} [how]
 *   `undo`: what the button does; `then`: what is done once nobody can take it back; `label`: the button's word
 */
export function toast(text, how = {}) {
  shown?.end();
  const root = document.createElement("div");
  root.className = "toasts";
  document.body.append(root);
  let left = how.undo ? SECONDS : 4;
  const whole = left;
  let over = false;

  /** @param {boolean} undone */
  function end(undone) {
    if (over) return;
    over = true;
    clearInterval(timer);
    removeEventListener("pagehide", leave);
    root.remove();
    if (shown?.root === root) shown = undefined;
    if (!undone) how.then?.();
  }
  const leave = () => end(false);
  const undo = async () => {
    end(true);
    await how.undo?.();
  };
  const draw = () => render(html`
    <div class="toast" role="status"><span>${text}</span>${how.undo ? html`<span class="row">
      <svg class="ring" viewBox="0 0 20 20" role="img" aria-label=${say("toast.left", { n: left })}>
        <circle class="rail" cx="10" cy="10" r="7.5" pathLength="100"></circle>
        <circle class="set" cx="10" cy="10" r="7.5" pathLength="100" stroke-dasharray=${`${(100 * left) / whole} 100`}></circle>
      </svg>
      <button class="btn btn-small" @click=${undo}>${how.label ?? say("undo")}</button></span>` : ""}</div>`, root);
  const timer = setInterval(() => {
    left--;
    if (left <= 0) end(false);
    else draw();
  }, 1000);
  // Who leaves the page has decided.
  addEventListener("pagehide", leave);
  shown = { root, end: () => end(false) };
  draw();
  announce(text);
}
