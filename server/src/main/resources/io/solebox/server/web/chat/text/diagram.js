// Diagrams are drawn in a frame of their own, which may run what draws them and can reach nothing else.

import { isDark } from "../../base/theme.js";
import { say } from "../../base/words.js";

let serial = 0;

/**
 * Puts a drawing above its source, once it is near the screen.
 * @param {HTMLElement} figure the block of code
 * @param {string} source
 */
export function diagram(figure, source) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw(figure, source);
  }, { rootMargin: "200px" });
  seen.observe(figure);
}

/** @param {HTMLElement} figure @param {string} source */
function draw(figure, source) {
  const id = ++serial;
  const frame = document.createElement("iframe");
  frame.className = "diagram";
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = say("code.diagram");
  frame.height = "40";
  /** @param {MessageEvent} event */
  const hear = (event) => {
    if (event.source !== frame.contentWindow) return;
    const said = event.data ?? {};
    if (said.ready) {
      const font = getComputedStyle(document.body).fontFamily;
      frame.contentWindow?.postMessage({ id, text: source, dark: isDark(), font }, "*");
    } else if (said.id === id) {
      removeEventListener("message", hear);
      // What cannot be drawn is still there as it was written.
      if (said.error) frame.remove();
      else frame.height = String(Math.min(Math.max(Number(said.height) || 0, 40), 1200));
    }
  };
  addEventListener("message", hear);
  frame.src = "/frame/diagram";
  figure.querySelector("pre")?.before(frame);
}
