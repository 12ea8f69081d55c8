// The first boot of an appliance: the code of its screen, then one step at a time, each kept by the server as it is taken.

import { html } from "../../lib/lit-html/lit-html.js";
import { Refusal, ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import { LANGUAGES, addWords, chooseLanguage, currentLanguage, say } from "../../base/words.js";
import { newPassword, twiceAlike } from "../entry/join.js";
import { field, former, select, text } from "../parts/forms.js";
import { held, hold, letGo } from "./held.js";
import { moving } from "./moving.js";
import { networkFields, networkWish, networkWords } from "./network.js";
import english from "./words/en.js";

await addWords(english, (language) => import(`./words/${language}.js`));

/** @typedef {import("../../base/words.js").Language} Language */
/** @typedef {import("./network.js").Machine} Machine */
/** @typedef {{open: boolean, paired?: boolean, taken?: boolean, chosen?: Record<string, any>, machine?: Machine | null, air_gap?: boolean}} State */

const STEPS = /** @type {const} */ (["language", "admin", "certificate", "network", "airgap", "summary"]);
const CODE = /^#([0-9A-Za-z]{5}-?[0-9A-Za-z]{5})$/;

/** A code that was scanned with the address; it stands in no history afterwards. */
function scanned() {
  const code = CODE.exec(location.hash)?.[1] ?? "";
  if (code) history.replaceState(null, "", location.pathname);
  return code;
}

/**
 * @param {() => void} draw
 * @param {State} first
 * @param {string | null} found the id of a change of address that has led here
 */
export function steps(draw, first, found) {
  let state = first;
  let at = 0;
  let others = false; // whether a name and a password are chosen in the place of those that were
  let fingerprint = "";
  const code = scanned();
  const move = moving(draw);
  if (found) move.found(found);

  /** Whoever chooses no more has to enter a code again. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async function chosenHere(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal && ["setup_taken", "pairing_required"].includes(error.code)) {
        letGo();
        state = { open: true, paired: false, taken: error.code === "setup_taken" };
      }
      throw error;
    }
  }

  const load = async () => { state = await ask("GET", "/setup/state", undefined, { also: held() }); };

  const pairing = former(draw, async (fields) => {
    hold((await ask("POST", "/setup/pair", { code: text(fields, "code") }, { stayHere: true })).token);
    await load();
    fingerprint = (await ask("GET", "/tls/authority").catch(() => ({}))).fingerprint ?? "";
    at = 0;
  });

  /** @type {Record<typeof STEPS[number], (fields: FormData) => unknown>} what each step chooses */
  const wishes = {
    language: () => ({ language: currentLanguage() }),
    admin: (fields) => ({ name: text(fields, "name"), password: twiceAlike(fields) }),
    certificate: () => undefined,
    network: (fields) => networkWish(fields, state.machine ?? null),
    airgap: (fields) => (state.machine ? { air_gap: fields.get("gap") === "on" } : undefined),
    summary: () => undefined,
  };

  const form = former(draw, async (fields) => {
    const step = STEPS[at];
    if (step === "summary") return finish();
    const wish = step === "admin" && isKept() ? undefined : wishes[step](fields);
    if (wish) {
      const answer = await chosenHere(() => ask("POST", "/setup/choose", wish, { stayHere: true, also: held() }));
      state.chosen = answer.chosen;
    }
    others = false;
    at++;
    window.scrollTo(0, 0);
  });

  async function finish() {
    const done = await chosenHere(() => ask("POST", "/setup/finish", undefined, { stayHere: true, also: held() }));
    letGo();
    await ask("POST", "/preferences", { language: currentLanguage() }, { stayHere: true }).catch(() => undefined);
    await move.after(done);
  }

  const back = () => { at--; form.fail(undefined); };

  /** @param {Language} name */
  async function speak(name) {
    await chooseLanguage(name);
    draw();
  }

  const pairView = () => html`<div class="panel"><div class="stack-8"><h1>${say("boot.title")}</h1><p class="soft">${say("boot.about")}</p></div>
    ${state.taken ? html`<div class="notice notice-warn" role="status">${icon("triangle-alert")}<p>${say("boot.taken")}</p></div>` : ""}
    ${pairing.trouble()}
    <form class="stack" @submit=${pairing.submit}>
      ${field("pair-code", say("boot.code"), html`<input class="input input-large mono code-field" id="pair-code" name="code" value=${code} autocomplete="off"
        autocapitalize="characters" spellcheck="false" required autofocus aria-describedby="pair-code-hint">`, say("boot.code.hint"))}
      <button class="btn btn-primary btn-large btn-full" ?disabled=${pairing.busy()}>${say("boot.begin")}</button></form></div>`;

  const language = () => html`${field("language", say("language"), select("language", "language",
    /** @type {[string, string][]} */ (Object.entries(LANGUAGES)), currentLanguage(), (name) => speak(/** @type {Language} */ (name))))}`;

  const isKept = () => Boolean(state.chosen?.name) && !others;

  const admin = () => (isKept()
    ? html`<p class="row"><b>${state.chosen?.name}</b></p><p class="hint">${say("boot.admin.kept")}</p>
      <button type="button" class="btn" @click=${() => { others = true; draw(); }}>${say("boot.admin.other")}</button>`
    : html`${field("name", say("name"), html`<input class="input input-large" id="name" name="name" autocomplete="username"
      autocapitalize="none" spellcheck="false" required value=${state.chosen?.name ?? ""}>`)}${newPassword()}`);

  const certificate = () => html`${fingerprint ? html`<p class="soft">${say("boot.certificate.compare")}</p><p class="fingerprint">${fingerprint.replaceAll(":", " ")}</p>
    <div class="row-wide"><a class="btn" href="/tls/ca.crt" download>${icon("download")}${say("boot.certificate.get")}</a>
    <a class="btn btn-quiet" href="/tls" target="_blank" rel="noopener">${say("boot.certificate.how")}</a></div>` : html`<p class="soft">${say("boot.certificate.none")}</p>`}`;

  const airGap = () => (state.machine
    ? html`<p class="soft">${say("boot.airgap.about")}</p>
      <label class="row"><input class="switch" type="checkbox" role="switch" name="gap" ?checked=${state.chosen?.air_gap ?? true}>${say("boot.airgap.on")}</label>`
    : html`<p class="soft">${say(state.air_gap ? "boot.airgap.is" : "boot.airgap.not")}</p>`);

  const summary = () => html`<dl class="facts"><dt>${say("boot.admin")}</dt><dd>${state.chosen?.name ?? say("boot.missing")}</dd>
    <dt>${say("boot.network")}</dt><dd>${networkWords(state.chosen?.network)}</dd>
    ${state.chosen?.host_name ? html`<dt>${say("boot.host")}</dt><dd>${state.chosen.host_name}</dd>` : ""}
    ${state.chosen?.zone ? html`<dt>${say("boot.zone")}</dt><dd>${state.chosen.zone}</dd>` : ""}
    <dt>${say("boot.airgap")}</dt><dd>${say((state.chosen?.air_gap ?? state.air_gap) ? "boot.on" : "boot.off")}</dd></dl><p class="soft">${say("boot.summary.about")}</p>`;

  /** @type {Record<typeof STEPS[number], () => unknown>} */
  const views = { language, admin, certificate, network: () => networkFields(state.machine ?? null, state.chosen ?? {}, draw), airgap: airGap, summary };

  function stepView() {
    const step = STEPS[at];
    return html`<div class="panel"><div class="stack-8"><p class="small faint">${say("boot.step", { n: at + 1, all: STEPS.length })}</p>
      <h1>${say(`boot.${step}`)}</h1></div>${form.trouble()}
      <form class="stack" id=${`boot-${step}`} @submit=${form.submit}>${views[step]()}
      <button class="btn btn-primary btn-large btn-full" ?disabled=${form.busy()}>${say(step === "summary" ? "boot.finish" : "go.on")}</button>
      ${at > 0 ? html`<button type="button" class="btn btn-quiet btn-large btn-full" @click=${back}>${say("back")}</button>` : ""}</form></div>`;
  }

  if (state.paired) ask("GET", "/tls/authority").then((its) => { fingerprint = its.fingerprint; draw(); }).catch(() => undefined);

  return { view: () => move.view() ?? (state.paired ? stepView() : pairView()) };
}
