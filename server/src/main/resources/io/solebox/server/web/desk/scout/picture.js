// The picture of one thing: fetched by the scout once somebody wants it, and shown from our own server.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";

/** How often it is asked whether the scout has it; a round of its takes a while. */
const AGAIN_MS = 3000;

/** @typedef {{state: "asked" | "here" | "none", image?: string, why?: string}} Picture */

/** @param {import("../main.js").Place} place */
export function pictures(place) {
  /** @type {Map<string, Picture>} */
  const known = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let over = false;

  /** @param {string} id */
  async function look(id) {
    try {
      known.set(id, /** @type {Picture} */ (await ask("POST", "/admin/scout/thumbnail", { item: id })));
    } catch (error) {
      known.delete(id);
      place.complain(error);
    }
    if (over) return;
    place.redraw();
    later();
  }

  function later() {
    clearTimeout(timer);
    const open = [...known].filter(([, picture]) => picture.state === "asked").map(([id]) => id);
    if (open.length) timer = setTimeout(() => { if (document.hidden) later(); else for (const id of open) look(id); }, AGAIN_MS);
  }

  /** @param {import("./values.js").Thing} thing */
  function view(thing) {
    const picture = known.get(thing.id);
    if (picture?.state === "here" && picture.image?.startsWith("data:image/")) return html`<img class="find-picture" src=${picture.image} alt=${say("scout.picture.of", { name: thing.title })}>`;
    if (picture?.state === "asked") return html`<span class="find-picture find-none small faint" role="status">${say("scout.picture.asked")}</span>`;
    if (picture?.state === "none") return html`<span class="find-picture find-none small faint" title=${picture.why ?? ""}>${say("scout.picture.none")}<span class="sr-only"> ${picture.why}</span></span>`;
    if (!thing.has_image) return html`<span class="find-picture find-none" aria-hidden="true"></span>`;
    return html`<button class="find-picture find-none btn-quiet" title=${say("scout.picture.do")} aria-label=${say("scout.picture.named", { name: thing.title })} @click=${() => { known.set(thing.id, { state: "asked" }); place.redraw(); look(thing.id); }}>${icon("eye")}</button>`;
  }

  return { view, stop: () => { over = true; clearTimeout(timer); } };
}
