// Draws one diagram at a time, as it is told to by the page around, and tells it how large it became.
// A classic script: modules of a frame without an origin would have to be asked for across origins.

"use strict";

/** @param {{id: number, text: string, dark: boolean, font: string}} wanted */
async function draw({ id, text, dark, font }) {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "neutral",
    fontFamily: font,
    maxTextSize: 100_000,
    suppressErrorRendering: true,
  });
  try {
    const { svg } = await mermaid.render("diagram", text);
    document.body.innerHTML = svg;
    const box = /** @type {Element} */ (document.body.firstElementChild).getBoundingClientRect();
    parent.postMessage({ id, width: Math.ceil(box.width), height: Math.ceil(box.height) }, "*");
  } catch (error) {
    parent.postMessage({ id, error: String(error instanceof Error ? error.message : error) }, "*");
  }
}

/** One after the other: the library draws into one place. */
let last = Promise.resolve();

addEventListener("message", (event) => {
  if (event.source !== parent) return;
  last = last.then(() => draw(event.data));
});

parent.postMessage({ ready: true }, "*");
