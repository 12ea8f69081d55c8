// What the doctor finds: problems first, what follows from another below it, each with what to do and what to run afterwards.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { loads } from "../parts/loads.js";

/**
 * @typedef {"ok" | "info" | "warn" | "fail" | "not_applicable" | "not_read"} Verdict
 * @typedef {{id: string, verdict: Verdict, message: string, evidence: {file: string, line: number, text: string}[], remedy: string, verify: string,
 *   caused_by: string | null, device?: string | null}} Finding
 */

const BADGES = { ok: "badge-good", info: "", warn: "badge-warn", fail: "badge-bad", not_applicable: "", not_read: "" };

/** @param {Finding} finding */
const isProblem = ({ verdict }) => verdict === "warn" || verdict === "fail";

/** @param {import("../main.js").Place} place */
export function findings(place) {
  const all = loads(async () => /** @type {Finding[]} */ ((await ask("GET", "/admin/hardware/findings")).data), place.redraw);
  let asked = false;
  const look = () => {
    asked = true;
    return all.load();
  };

  /** @param {Finding} finding */
  const one = (finding) => html`<li class=${finding.caused_by ? "follows" : ""}><span class="badge ${BADGES[finding.verdict]}">${say(`finding.${finding.verdict}`)}</span>
    <div class="stack-4"><h3>${finding.message}</h3>
      <p class="small faint"><span class="mono">${finding.id}</span>${finding.device ? html` · <span class="mono">${finding.device}</span>` : ""}${finding.caused_by ? html` · ${say("finding.because", { id: finding.caused_by })}` : ""}</p>
      ${finding.remedy ? html`<p>${finding.remedy}</p>` : ""}
      ${finding.verify ? html`<p class="small">${say("finding.verify")} <code>${finding.verify}</code></p>` : ""}
      ${finding.evidence.length ? html`<details><summary class="small">${say("finding.evidence")}</summary><ul class="stack-4">${finding.evidence.map((each) => html`<li class="small mono">
        ${each.line ? `${each.file}:${each.line}` : each.file}${each.text ? `  ${each.text}` : ""}</li>`)}</ul></details>` : ""}</div></li>`;

  /** @param {Finding[]} found */
  function list(found) {
    const problems = found.filter(isProblem);
    const rest = found.filter((each) => !isProblem(each));
    return html`${problems.length ? html`<ul class="findings">${problems.map(one)}</ul>` : html`<p class="card-body">${icon("circle-check")} ${say("finding.none")}</p>`}
      <details class="card-foot"><summary class="small">${say("finding.rest", { n: rest.length })}</summary><ul class="findings">${rest.map(one)}</ul></details>`;
  }

  return () => card("doctor", say("hardware.doctor"), asked ? all.view(list) : html`<p class="card-body soft">${say("hardware.doctor.about")}</p>`,
    html`<button type="button" class="btn btn-small" @click=${look}>${say(asked ? "hardware.doctor.again" : "hardware.doctor.run")}</button>`);
}
