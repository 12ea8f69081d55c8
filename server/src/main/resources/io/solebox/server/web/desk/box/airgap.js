// The air gap: whether it holds, and how anybody proves that.

import { html } from "../../lib/lit-html/lit-html.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { copy } from "../parts/secret.js";

/** What the proof tries, each of which the kernel must refuse. */
const TRIES = ["connect", "name", "datagram", "program", "files", "again"];

/** @param {string} command */
const command = (command) => html`<div class="row-wide"><code class="command">${command}</code>
  <button class="btn btn-small" @click=${() => copy(command)}>${icon("copy")}${say("copy")}</button></div>`;

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  const on = place.me.airGap;
  return {
    view: () => html`${card("gap", say("airgap.title"), html`<div class="card-body"><p>${say(on ? "airgap.what.on" : "airgap.what.off")}</p>
        ${on ? "" : html`<p class="soft">${say("airgap.how")}</p>${command("solebox serve --air-gap")}`}</div>`,
      html`<span class="badge ${on ? "badge-good" : ""}">${icon("unplug")}${say(on ? "airgap.state.on" : "airgap.state.off")}</span>`)}
      ${card("prove", say("airgap.prove"), html`<div class="card-body"><p class="soft">${say("airgap.prove.about")}</p>${command("solebox airgap prove")}
        <ul class="proof">${TRIES.map((name) => html`<li>${icon("ban")}<span>${say(`airgap.try.${name}`)}</span><span class="mono faint">${say("airgap.refused")}</span></li>`)}</ul>
        <p class="soft">${say("airgap.prove.file")}</p>${command("solebox airgap prove --out proof.json")}${command("solebox airgap verify proof.json")}</div>`)}`,
  };
}
