// Receipts: whether one that somebody pastes is as a box signed it.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { moment, number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { field, former, text } from "../parts/forms.js";
import { copy } from "../parts/secret.js";

const REPLAY = "solebox replay receipt.json --prompt request.json";

/**
 * @typedef {{valid: boolean, why?: string, fingerprint?: string, own?: boolean, salt?: boolean, in_answer?: boolean, receipt?: any}} Verdict
 */

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  /** @type {Verdict | undefined} */
  let verdict;

  const form = former(place.redraw, async (fields) => {
    verdict = undefined;
    let receipt;
    try {
      receipt = JSON.parse(text(fields, "receipt"));
    } catch {
      throw new Error(say("receipt.no.json"));
    }
    verdict = await ask("POST", "/receipts/verify", receipt);
  });

  /** @param {Verdict} found */
  function told(found) {
    if (!found.valid) {
      return html`<div class="notice" role="alert">${icon("triangle-alert")}<div><p><b>${say("receipt.invalid")}</b></p><p>${found.why}</p></div></div>`;
    }
    const { receipt } = found;
    return html`<div class="notice notice-good" role="status">${icon("shield-check")}<div><p><b>${say(found.own ? "receipt.own" : "receipt.other")}</b></p>
        <p class="mono secret">${found.fingerprint}</p></div></div>
      ${card("receipt", say("receipt.says"), html`<dl class="facts card-body"><dt>${say("time")}</dt><dd>${moment(Date.parse(receipt.time))}</dd>
        <dt>${say("model")}</dt><dd>${receipt.model?.name}</dd><dt>${say("receipt.path")}</dt><dd class="mono">${receipt.path}</dd>
        <dt>${say("receipt.device")}</dt><dd>${receipt.machine?.device}</dd><dt>${say("server.version")}</dt><dd>${receipt.build?.version}</dd>
        ${(receipt.answers ?? []).map((/** @type {any} */ answer) => html`<dt>${say("receipt.answer")}</dt><dd>${say("receipt.tokens", { answer: number(answer.answer?.tokens ?? 0), prompt: number(answer.prompt?.tokens ?? 0) })}</dd>`)}</dl>`)}
      <p class="soft">${say("receipt.replay")}</p><div class="row-wide"><code class="command">${REPLAY}</code>
        <button type="button" class="btn btn-small" @click=${() => copy(REPLAY)}>${icon("copy")}${say("copy")}</button></div>
      <p class="small faint">${[found.in_answer ? say("receipt.in.answer") : "", found.salt ? "" : say("receipt.no.salt")].filter(Boolean).join(" ")}</p>`;
  }

  /** @param {Event} event */
  async function take(event) {
    const file = /** @type {HTMLInputElement} */ (event.target).files?.[0];
    const area = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("receipt"));
    if (file && area) area.value = await file.text();
  }

  return {
    view: () => html`<p class="soft">${say("receipt.about")}</p><section class="card" aria-label=${say("receipt.verify")}><form class="card-body" @submit=${form.submit}>
      ${field("receipt", say("receipt.paste"), html`<textarea class="textarea mono" id="receipt" name="receipt" rows="8" required spellcheck="false"></textarea>`)}
      ${form.trouble()}<div class="row-wide"><button class="btn btn-primary" ?disabled=${form.busy()}>${icon("shield-check")}${say("receipt.verify")}</button>
      <label class="btn">${icon("file")}${say("receipt.file")}<input class="sr-only" type="file" accept=".json,application/json" @change=${take}></label></div></form></section>
      ${verdict ? told(verdict) : ""}`,
  };
}
