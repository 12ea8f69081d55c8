// How the server was started, what each of that costs, and by which option it is changed.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads } from "../parts/loads.js";
import { copy } from "../parts/secret.js";

/** @typedef {{version: string, air_gap: boolean, key: string | null, settings: Record<string, string>}} Server */

/** The option of `solebox serve` for each setting. */
const OPTIONS = /** @type {Record<string, string>} */ ({
  "host": "--host ADDRESS",
  "port": "--port N",
  "keys": "--api-key-file FILE",
  "limits": "--limits WORDS",
  "allowed-hosts": "--allowed-host NAME",
  "allowed-origins": "--allowed-origin ORIGIN",
  "accounts": "--accounts",
  "tls": "--tls",
  "proxies": "--proxy ADDRESS",
  "plain-http": "--plain-http",
  "oidc": "--oidc-issuer URL",
  "air-gap": "--air-gap",
  "share-models": "--share-models",
  "mcp": "--mcp FILE",
  "keep": "--keep-days N",
});

/** Values that are words of ours, and not what somebody typed. */
const WORDS = new Set(["none", "yes", "no", "forever", "asked", "if-any", "own authority"]);

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const server = loads(async () => /** @type {Server} */ (await ask("GET", "/admin/server")), place.redraw);
  server.load();

  /** @param {string} name @param {string} value */
  const line = (name, value) => html`<tr><th scope="row">${OPTIONS[name] ? say(`setting.${name}`) : name}</th>
    <td class="mono">${WORDS.has(value) ? say(`value.${value}`) : value}</td>
    <td class="soft">${OPTIONS[name] ? say(`setting.${name}.cost`) : ""}</td><td class="mono faint nowrap">${OPTIONS[name] ?? ""}</td></tr>`;

  /** @param {Server} now */
  const full = (now) => html`${card("box", say("server.box"), html`<dl class="facts card-body"><dt>${say("server.version")}</dt><dd>${now.version}</dd>
      <dt>${say("server.key")}</dt><dd class="mono cut">${now.key ?? say("server.key.none")}
        ${now.key ? html`<button class="btn btn-quiet btn-icon btn-small" aria-label=${say("copy")} @click=${() => copy(now.key ?? "")}>${icon("copy")}</button>` : ""}</dd></dl>`)}
    ${card("settings", say("server.settings"), html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("server.settings")}><table class="table">
      <thead><tr><th scope="col">${say("server.what")}</th><th scope="col">${say("server.value")}</th><th scope="col">${say("server.cost")}</th><th scope="col">${say("server.option")}</th></tr></thead>
      <tbody>${Object.entries(now.settings).map(([name, value]) => line(name, value))}</tbody></table></div>`, html`<span class="small faint">${say("server.restart")}</span>`)}`;

  return { view: () => server.view(full) };
}
