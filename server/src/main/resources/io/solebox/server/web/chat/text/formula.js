// Formulas, drawn by KaTeX, which is fetched with the first one. It builds nodes; no HTML is parsed.

import { fetchStyle, fileAddress } from "../../base/scripts.js";
import { slowly } from "../../base/slices.js";

/** @type {Promise<any> | undefined} */
let katex;

function load() {
  katex ??= (async () => {
    await Promise.all([fetchStyle("lib/katex/katex.min.css"), import(fileAddress("lib/katex/katex.min.js"))]);
    return /** @type {any} */ (globalThis).katex;
  })();
  return katex;
}

/**
 * Shows the source until KaTeX is there, and for what KaTeX does not understand.
 * @param {string} source
 * @param {boolean} display whether it stands on a line of its own
 * @returns {HTMLElement}
 */
export function formula(source, display) {
  const element = document.createElement(display ? "div" : "span");
  element.className = display ? "formula formula-display" : "formula";
  element.textContent = source;
  if (display) element.tabIndex = 0;
  load()
    .then((tex) => slowly(() => draw(tex, source, element, display)), () => asSource(source, element));
  return element;
}

/** @param {any} tex @param {string} source @param {HTMLElement} element @param {boolean} display */
function draw(tex, source, element, display) {
  try {
    tex.render(source, element, { displayMode: display, throwOnError: true, trust: false, maxSize: 20, maxExpand: 200 });
  } catch {
    asSource(source, element);
  }
}

/** @param {string} source @param {HTMLElement} element */
function asSource(source, element) {
  element.textContent = source;
  element.classList.add("formula-source");
}
