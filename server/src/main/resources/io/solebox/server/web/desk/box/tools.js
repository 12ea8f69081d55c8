// Tools that models may call: what each says of itself, where it comes from, whether chats may use it.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { say } from "../../base/words.js";
import { card, row } from "../parts/card.js";
import { field } from "../parts/forms.js";
import { loads, nothingThere } from "../parts/loads.js";

/**
 * @typedef {{name: string, description: string, parameters: Record<string, unknown>, source: string, only_reads: boolean,
 *   allowed: boolean, changed: boolean, fingerprint: string, people?: string[], groups?: string[]}} Tool
 * @typedef {{name: string, place: string, state: "starting" | "running" | "failed", why: string | null}} Server
 */

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const all = loads(async () => /** @type {{tools: Tool[], servers: Server[]}} */ (await ask("GET", "/admin/tools")), place.redraw);
  all.load();

  /** @param {Tool} tool @param {Record<string, unknown>} how */
  const put = async (tool, how) => {
    try {
      await ask("PUT", `/admin/tools/${tool.name}`, how);
    } catch (error) {
      place.complain(error);
    }
    await all.load();
  };

  /** @param {Tool} tool @param {Event} event */
  const allow = (tool, event) => {
    const { checked } = /** @type {HTMLInputElement} */ (event.target);
    return put(tool, { allowed: checked, ...(checked ? { fingerprint: tool.fingerprint } : {}) });
  };

  /** For some alone; without anybody named, for everybody. @param {Tool} tool @param {"people" | "groups"} kind @param {Event} event */
  const allowTo = (tool, kind, event) => {
    const named = /** @type {HTMLInputElement} */ (event.target).value.split(",").map((name) => name.trim()).filter(Boolean);
    const only = { people: tool.people ?? [], groups: tool.groups ?? [], [kind]: named };
    const everybody = !only.people.length && !only.groups.length;
    return put(tool, { allowed: true, fingerprint: tool.fingerprint, ...(everybody ? {} : only) });
  };

  /** @param {Tool} tool @param {"people" | "groups"} kind */
  const audience = (tool, kind) => field(`${kind}-${tool.name}`, say(`tools.only.${kind}`), html`<input class="input" id=${`${kind}-${tool.name}`}
    aria-label=${say(`tools.only.${kind}.of`, { name: tool.name })} placeholder=${say(tool.people || tool.groups ? "tools.nobody" : "tools.everybody")}
    .value=${(tool[kind] ?? []).join(", ")} @change=${(/** @type {Event} */ event) => allowTo(tool, kind, event)}>`);

  /** @param {Tool} tool */
  const one = (tool) => card(`tool-${tool.name}`, html`<span class="mono">${tool.name}</span>`, html`<div class="card-body stack-8">
      ${tool.changed ? html`<p class="bad">${say("tools.changed")}</p>` : ""}<p>${tool.description}</p>
      <p class="small faint">${tool.source === "built-in" ? say("tools.built.in") : say("tools.source", { source: tool.source })}; ${say(tool.only_reads ? "tools.reads" : "tools.changes")}</p>
      <details><summary class="small">${say("tools.parameters")}</summary><pre class="mono small" tabindex="0">${JSON.stringify(tool.parameters, null, 2)}</pre></details>
      ${tool.allowed ? html`<div class="form-2">${audience(tool, "people")}${audience(tool, "groups")}</div>` : ""}</div>`,
  html`<label class="row small">${say("tools.allowed")}<input class="switch" type="checkbox" aria-label=${say("tools.allow", { name: tool.name })} .checked=${tool.allowed} @change=${(/** @type {Event} */ event) => allow(tool, event)}></label>`);

  /** @param {Server} its */
  const server = (its) => row(html`<span class="mono">${its.name}</span> <span class="small faint mono">${its.place}</span>`,
    its.why ? html`<span class=${its.state === "failed" ? "bad" : ""}>${its.why}</span>` : "", html`<span class="badge">${say(`tools.server.${its.state}`)}</span>`);

  return {
    view: () => all.view(
      ({ tools, servers }) => html`<p class="soft">${say("tools.about")}</p>
        ${servers.length ? card("servers", say("tools.servers"), html`<ul class="card-body">${servers.map(server)}</ul>`) : ""}${tools.map(one)}`,
      { is: ({ tools, servers }) => !tools.length && !servers.length, view: () => nothingThere(say("tools.none")) },
    ),
  };
}
