// Updates of a machine with two slots: what runs, the file of another version, its installation, and what became of it.

import "./ready.js";
import { html, svg } from "../../lib/lit-html/lit-html.js";
import { Refusal, ask, sendFile } from "../../base/api.js";
import { bytes, day } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { say } from "../../base/words.js";
import { card } from "../parts/card.js";
import { press } from "../parts/forms.js";
import { loads } from "../parts/loads.js";
import { canGoBack, canInstall, verdict } from "./told.js";

/**
 * @typedef {import("./told.js").Updates} Updates
 * @typedef {import("./told.js").Slots} Slots
 * @typedef {import("./told.js").Slot} Slot
 * @typedef {import("./told.js").Kept} Kept
 * @typedef {{state: "waiting" | "running" | "done" | "failed", details?: {stage?: string, progress?: number}, error?: {message: string, remedy: string}}} Result
 */

const LOOK_MS = 1000;
const BADGES = { confirmed: "badge-good", on_trial: "", failed: "badge-bad", empty: "" };
const STAGES = ["checking", "writing", "reading back"];

/** @param {number} millis */
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** @param {import("../main.js").Place} place @returns {import("../main.js").Part} */
export function part(place) {
  /** @type {{words: string, done: number} | undefined} what goes on now */
  let going;
  let left = false;
  const now = loads(async () => /** @type {Updates} */ (await ask("GET", "/admin/update")), place.redraw);
  now.load();

  /** @param {string} words @param {number} done */
  function show(words, done) {
    going = { words, done };
    place.redraw();
  }

  /** What is done once at a time, and shown while it goes on. @param {() => Promise<unknown>} work */
  const working = (work) => press(place.complain, async () => {
    try {
      await work();
    } finally {
      going = undefined;
      await now.load();
    }
  });

  /** Asks root, and waits for what it says. @param {object} request */
  async function askMachine(request) {
    const { id } = await ask("POST", "/admin/host/requests", request);
    for (;;) {
      const result = /** @type {Result} */ (await ask("GET", `/admin/host/requests/${id}`));
      if (result.state === "failed") throw new Refusal(409, { message: result.error?.message ?? "", remedy: result.error?.remedy ?? "" });
      if (result.state === "done" || left) return;
      const stage = STAGES.indexOf(result.details?.stage ?? "");
      show(say(stage < 0 ? "update.waits" : `update.stage.${stage}`), result.details?.progress ?? 0);
      await pause(LOOK_MS);
    }
  }

  /** @param {Event} event */
  const send = async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      show(say("update.sending"), 0);
      await sendFile("/admin/update/file", file, (done) => show(say(done < 1 ? "update.sending" : "update.checking"), done));
    } catch (error) {
      place.complain(error);
    } finally {
      going = undefined;
      await now.load();
    }
  };
  const discard = working(() => ask("DELETE", "/admin/update/file"));
  /** @param {Kept} file */
  const install = (file) => working(async () => {
    await askMachine({ kind: "update", allow_older: file.older === true });
    await ask("DELETE", "/admin/update/file");
  });
  const goBack = working(() => askMachine({ kind: "update-back" }));

  /** Ends the machine, and looks for it until it is there again. */
  const restart = working(async () => {
    await ask("POST", "/admin/host/requests", { kind: "power", restart: true });
    let gone = false;
    while (!left) {
      show(say("update.restarting"), 0);
      await pause(LOOK_MS * 3);
      try {
        await ask("GET", "/health/live");
        if (gone) return;
      } catch {
        gone = true;
      }
    }
  });

  /** @param {Slot} slot @param {string} title */
  const row = (slot, title) => html`<tr><th scope="row">${title} <span class="faint">${slot.slot.toUpperCase()}</span></th>
    <td>${slot.version ?? (slot.state === "empty" ? "–" : say("update.version.unknown"))}</td>
    <td><span class="badge ${BADGES[slot.state]}">${say(`update.state.${slot.state}`)}</span></td></tr>`;

  const progress = () => (going ? html`<div class="stack-8" role="status"><svg class="bar" role="img" aria-label=${say("percent", { n: Math.round(100 * going.done) })}>${svg`<rect class="fill-2" width=${`${100 * going.done}%`}></rect>`}</svg>
    <span class="small soft">${going.words}</span></div>` : "");

  /** @param {Kept} file @param {Slots} slots */
  function brought(file, slots) {
    if (file.refused) return html`<div class="notice" role="alert">${icon("triangle-alert")}<div><p>${file.refused}</p></div></div>
      <div class="row-wide"><button class="btn" @click=${discard}>${icon("trash-2")}${say("update.discard")}</button></div>`;
    return html`<dl class="facts"><dt>${say("server.version")}</dt><dd>${file.version}</dd><dt>${say("update.made")}</dt><dd>${day(Date.parse(file.made ?? ""))}</dd>
        <dt>${say("update.signed")}</dt><dd>${file.signed_by}</dd><dt>${say("update.size")}</dt><dd>${bytes(file.bytes ?? 0)}</dd></dl>
      ${file.older ? html`<p class="bad">${say("update.older")}</p>` : ""}
      ${canInstall(slots) ? "" : html`<p class="soft">${say("update.not.yet")}</p>`}
      <div class="row-wide"><button class="btn btn-primary" ?disabled=${Boolean(going) || !canInstall(slots)} @click=${install(file)}>${icon("download")}${say("update.install")}</button>
        <button class="btn" ?disabled=${Boolean(going)} @click=${discard}>${icon("trash-2")}${say("update.discard")}</button></div>`;
  }

  /** @param {Slots} slots */
  function state(slots) {
    const { key, kind, version } = verdict(slots);
    return html`<div class="notice ${kind === "good" ? "notice-good" : ""}" role=${kind === "bad" ? "alert" : "status"}>${icon(kind === "good" ? "circle-check" : kind === "bad" ? "triangle-alert" : "info")}
      <div><p><b>${say(key, { version })}</b></p><p>${say(`${key}.why`)}</p>
      ${slots.restart_tries_other ? html`<div class="row"><button class="btn btn-small" ?disabled=${Boolean(going)} @click=${restart}>${icon("power")}${say("update.restart")}</button></div>` : ""}</div></div>`;
  }

  /** @param {Updates} all */
  function full({ version, slots, file }) {
    if (!slots) return html`<p>${say("update.not.ours", { version })}</p><p class="soft">${say("update.not.ours.why")}</p>`;
    return html`${state(slots)}
      ${card("slots", say("update.slots"), html`<div class="table-wrap" tabindex="0" role="group" aria-label=${say("update.slots")}><table class="table"><thead><tr><th scope="col">${say("update.slot")}</th>
        <th scope="col">${say("server.version")}</th><th scope="col">${say("update.how")}</th></tr></thead><tbody>${row(slots.running, say("update.runs"))}${row(slots.other, say("update.other"))}</tbody></table></div>
        ${canGoBack(slots) && !slots.restart_tries_other ? html`<footer class="card-foot"><button class="btn" ?disabled=${Boolean(going)} @click=${goBack}>${icon("undo-2")}${say("update.back")}</button></footer>` : ""}`)}
      ${card("file", say("update.file"), html`<div class="card-body"><p class="soft">${say("update.about")}</p>
        ${progress()}${file ? brought(file, slots) : html`<div class="row-wide"><label class="btn ${going ? "btn-quiet" : "btn-primary"}">${icon("file-up")}${say("update.choose")}
          <input class="sr-only" type="file" accept=".update" ?disabled=${Boolean(going)} @change=${send}></label></div>`}</div>`)}`;
  }

  return { view: () => now.view(full), stop: () => { left = true; } };
}
