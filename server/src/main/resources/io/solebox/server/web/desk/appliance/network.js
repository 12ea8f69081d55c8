// How a machine is to be connected: what is asked, what is sent, and how it is said in the end.

import { html } from "../../lib/lit-html/lit-html.js";
import { say } from "../../base/words.js";
import { field, select, text } from "../parts/forms.js";

/** @typedef {{devices: {name: string, wireless: boolean, connected: boolean}[], radio?: boolean, name?: string, zone?: string}} Machine */
/** @typedef {"keep" | "dhcp" | "static" | "none"} Mode */

/** @type {Mode} */
let mode = "keep";
let device = "";

/** @param {string} id @param {string} value @param {string} hint */
const plain = (id, value, hint) => field(id, say(`boot.network.${id}`),
  html`<input class="input input-large mono" id=${id} name=${id} value=${value} autocomplete="off" autocapitalize="none" spellcheck="false"
    aria-describedby=${`${id}-hint`}>`, hint);

/**
 * @param {Machine | null} machine null where nobody does what the server may not
 * @param {Record<string, any>} chosen
 * @param {() => void} redraw
 */
export function networkFields(machine, chosen, redraw) {
  if (!machine) return html`<p class="soft">${say("boot.network.not")}</p>`;
  const before = chosen.network ?? {};
  const cards = machine.devices.filter((card) => !card.wireless || machine.radio);
  const isRadio = cards.some((card) => card.wireless && card.name === device);
  return html`${field("mode", say("boot.network.mode"), select("mode", "mode",
    /** @type {Mode[]} */ (["keep", "dhcp", "static", "none"]).map((each) => [each, say(`boot.network.${each}`)]), mode,
    (value) => { mode = /** @type {Mode} */ (value); redraw(); }))}
    ${mode === "keep" ? "" : field("device", say("boot.network.device"), select("device", "device",
      [["", say("boot.network.cable")], ...cards.map((card) => /** @type {[string, string]} */ ([card.name, say(card.wireless ? "boot.network.radio" : "boot.network.card", { name: card.name })]))],
      device, (value) => { device = value; redraw(); }))}
    ${isRadio && mode !== "keep" ? html`${plain("ssid", before.ssid ?? "", "")}
      ${field("passphrase", say("boot.network.passphrase"), html`<input class="input input-large" id="passphrase" name="passphrase" type="password" autocomplete="current-password">`)}` : ""}
    ${mode === "static" ? html`${plain("address", before.address ?? "", say("boot.network.address.hint"))}${plain("gateway", before.gateway ?? "", say("boot.network.gateway.hint"))}
      ${plain("dns", (before.dns ?? []).join(" "), say("boot.network.dns.hint"))}` : ""}
    ${mode === "none" ? html`<p class="hint">${say("boot.network.none.hint")}</p>` : ""}
    ${field("host_name", say("boot.host"), html`<input class="input input-large" id="host_name" name="host_name" value=${chosen.host_name ?? machine.name ?? ""} autocapitalize="none" spellcheck="false">`)}
    ${field("zone", say("boot.zone"), html`<input class="input input-large" id="zone" name="zone" value=${chosen.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone} autocapitalize="none" spellcheck="false">`)}`;
}

/**
 * What is sent of these fields; what is empty is left out.
 * @param {FormData} fields
 * @param {Machine | null} machine
 */
export function networkWish(fields, machine) {
  if (!machine) return undefined;
  /** @type {Record<string, unknown>} */
  const wish = { network: null };
  for (const name of ["host_name", "zone"]) if (text(fields, name)) wish[name] = text(fields, name).trim();
  const kind = text(fields, "mode");
  if (kind === "keep") return wish;
  /** @type {Record<string, unknown>} */
  const network = { mode: kind, dns: text(fields, "dns").split(/[\s,]+/).filter(Boolean) };
  for (const name of ["device", "address", "gateway", "ssid", "passphrase"]) if (text(fields, name)) network[name] = text(fields, name);
  wish.network = network;
  return wish;
}

/** @param {Record<string, any> | undefined} network */
export function networkWords(network) {
  if (!network) return say("boot.network.keep");
  return [say(`boot.network.${network.mode}`), network.address, network.ssid].filter(Boolean).join(" · ");
}
