// The air gap: whether it holds, and its proof, made here by an administrator or by anybody on the console.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { saveFile } from "../../base/copy.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { press } from "../parts/forms.js";
import { copy } from "../parts/secret.js";

/**
 * @typedef {"held" | "through" | "not_tried"} Outcome
 * @typedef {{id: string, what: string, with: Outcome, with_said: string, without: Outcome, without_said: string}} Way
 * @typedef {{inside_the_server: boolean, held: number, held_and_possible_without: number, went_through: number, attempts: Way[]}} Proof
 * @typedef {{signed: unknown, proof: Proof, fingerprint: string}} Proved
 */

/** What the proof tries, each of which the kernel must refuse. */
const TRIES = ["connect", "name", "datagram", "program", "files", "again"];
const FILE = "solebox-airgap.json";
const BADGES = { held: "badge-good", through: "badge-bad", not_tried: "" };

/** @param {string} command */
const command = (command) => html`<div class="row-wide"><code class="command">${command}</code>
  <button class="btn btn-small" @click=${() => copy(command)}>${icon("copy")}${say("copy")}</button></div>`;

/** What is signed is bytes, which are in the file as Base64. @param {{proof: string}} signed @returns {Proof} */
const opened = (signed) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(signed.proof), (character) => character.charCodeAt(0))));

/** @param {Way} way */
const row = (way) => html`<tr><th scope="row">${way.what}</th>
  <td><span class="badge ${BADGES[way.with]}">${say(`airgap.${way.with}`)}</span> <span class="mono small faint">${way.with_said}</span></td>
  <td class="soft">${say(`airgap.${way.without}`)} <span class="mono small faint">${way.without_said}</span></td></tr>`;

/** @param {Proved} proved */
function result({ signed, proof, fingerprint }) {
  const holds = proof.went_through === 0;
  const save = () => saveFile(new Blob([JSON.stringify(signed)], { type: "application/json" }), FILE);
  return html`<div class="notice ${holds ? "notice-good" : ""}" role=${holds ? "status" : "alert"}>${icon(holds ? "shield-check" : "triangle-alert")}<div>
      <p><b>${holds ? say(proof.inside_the_server ? "airgap.proved.inside" : "airgap.proved", { n: proof.held, open: proof.held_and_possible_without }) : say("airgap.broken", { n: proof.went_through })}</b></p>
      <p>${say("airgap.signed")}</p><p class="mono secret">${fingerprint}</p>
      <div class="row"><button class="btn btn-small" @click=${save}>${icon("download")}${say("airgap.save")}</button></div></div></div>
    ${card("ways", say("airgap.ways"), html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("airgap.ways")}><table class="table"><thead><tr><th scope="col">${say("airgap.way")}</th>
      <th scope="col">${say("airgap.with")}</th><th scope="col">${say("airgap.without")}</th></tr></thead><tbody>${proof.attempts.map(row)}</tbody></table></div>`)}`;
}

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const on = place.me.airGap;
  let tries = false;
  /** @type {Proved | undefined} */
  let proved;

  const prove = press(place.complain, async () => {
    tries = true;
    proved = undefined;
    place.redraw();
    try {
      const signed = await ask("POST", "/admin/airgap/prove");
      proved = { signed, proof: opened(signed), fingerprint: (await ask("GET", "/admin/server")).key };
    } finally {
      tries = false;
      place.redraw();
    }
  });

  function proving() {
    if (!place.me.admin) return command("solebox airgap prove");
    return html`${on ? html`<p class="soft">${say("airgap.behind")}</p>` : ""}<div class="row-wide"><button class="btn btn-primary" @click=${prove} ?disabled=${tries}>${icon("shield-check")}${say("airgap.prove.do")}</button>
      ${tries ? html`<span class="soft" role="status">${say("airgap.proving")}</span>` : ""}</div>`;
  }

  return {
    view: () => html`${card("gap", say("airgap.title"), html`<div class="card-body"><p>${say(on ? "airgap.what.on" : "airgap.what.off")}</p>
        ${on ? "" : html`<p class="soft">${say("airgap.how")}</p>${command("solebox serve --air-gap")}`}</div>`,
      html`<span class="badge ${on ? "badge-good" : ""}">${icon("unplug")}${say(on ? "airgap.state.on" : "airgap.state.off")}</span>`)}
      ${card("prove", say("airgap.prove"), html`<div class="card-body"><p class="soft">${say("airgap.prove.about")}</p>${proving()}
        ${proved ? "" : html`<ul class="proof">${TRIES.map((name) => html`<li>${icon("ban")}<span>${say(`airgap.try.${name}`)}</span><span class="mono faint">${say("airgap.refused")}</span></li>`)}</ul>`}
        <p class="soft">${say("airgap.prove.file")}</p>${proved ? "" : command(`solebox airgap prove --out ${FILE}`)}${command(`solebox airgap verify ${FILE}`)}</div>`)}
      ${proved ? result(proved) : ""}`,
  };
}
