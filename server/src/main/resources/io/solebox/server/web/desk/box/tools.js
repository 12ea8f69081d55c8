// Tools that models may call: what each says of itself, where it comes from, whether chats may use it.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads, nothingThere } from "../parts/loads.js";

/**
 * @typedef {{name: string, description: string, parameters: Record<string, unknown>, source: string, only_reads: boolean,
 *   allowed: boolean, changed: boolean, fingerprint: string}} Tool
 */

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const all = loads(async () => /** @type {Tool[]} */ ((await ask("GET", "/admin/tools")).tools), place.redraw);
  all.load();

  /** @param {Tool} tool @param {Event} event */
  const allow = async (tool, event) => {
    const { checked } = /** @type {HTMLInputElement} */ (event.target);
    try {
      await ask("PUT", `/admin/tools/${tool.name}`, { allowed: checked, ...(checked ? { fingerprint: tool.fingerprint } : {}) });
    } catch (error) {
      place.complain(error);
    }
    await all.load();
  };

  /** @param {Tool} tool */
  const one = (tool) => card(`tool-${tool.name}`, html`<span class="mono">${tool.name}</span>`, html`<div class="card-body stack-8">
      ${tool.changed ? html`<p class="bad">${say("tools.changed")}</p>` : ""}<p>${tool.description}</p>
      <p class="small faint">${tool.source === "built-in" ? say("tools.built.in") : say("tools.source", { source: tool.source })}; ${say(tool.only_reads ? "tools.reads" : "tools.changes")}</p>
      <details><summary class="small">${say("tools.parameters")}</summary><pre class="mono small" tabindex="0">${JSON.stringify(tool.parameters, null, 2)}</pre></details></div>`,
  html`<label class="row small">${say("tools.allowed")}<input class="switch" type="checkbox" aria-label=${say("tools.allow", { name: tool.name })} .checked=${tool.allowed} @change=${(/** @type {Event} */ event) => allow(tool, event)}></label>`);

  return {
    view: () => all.view(
      (tools) => html`<p class="soft">${say("tools.about")}</p>${tools.map(one)}`,
      { is: (tools) => !tools.length, view: () => nothingThere(say("tools.none")) },
    ),
  };
}
