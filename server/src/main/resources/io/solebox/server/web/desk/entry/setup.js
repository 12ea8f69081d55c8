// First run: the code of the console, the first administrator, the certificate, the air gap.

import { html, nothing } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { moment, number } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import "../../base/theme.js";
import { say } from "../../base/words.js";
import { field, former, text } from "../parts/forms.js";
import { problem } from "../parts/loads.js";
import { copy } from "../parts/secret.js";
import { held } from "../appliance/held.js";
import { alone } from "./alone.js";
import { newPassword, twiceAlike } from "./join.js";

/** @typedef {{fingerprint: string, subject: string, until: string}} Authority */
/** @typedef {{airGap: boolean, authority: Authority | undefined, open: boolean}} Box `open`: everybody is let in, and nobody has an account */

const STEPS = /** @type {const} */ (["code", "admin", "certificate", "airgap"]);
/** What there can be from before anybody had an account. */
const KEPT = new Set(["batches", "chat_completions", "chat_labels", "chat_notes", "chats", "conversations", "files", "responses"]);
const PROVE = "solebox airgap prove";

/** @type {Box | undefined} */
let box;
/** @type {unknown} */
let failed;
/** @type {{name: string, handedOver: [string, number][]} | undefined} the account, once it is made, and what it has from before */
let made;
let compared = false;
/** @type {{view: () => unknown} | undefined} the steps of an appliance, which stand in the place of all else */
let appliance;

const draw = await alone("setup.title", view);

const form = former(draw, async (fields) => {
  const wish = { code: text(fields, "code"), name: text(fields, "name"), password: twiceAlike(fields) };
  const answer = await ask("POST", "/auth/setup", wish, { stayHere: true });
  made = { name: answer.user.name, handedOver: Object.entries(answer.handed_over ?? {}) };
  draw();
  document.getElementById("s-certificate")?.scrollIntoView({ block: "start" });
});

/** @param {typeof STEPS[number]} step */
function isDone(step) {
  if (step === "certificate") return Boolean(made) && (compared || !box?.authority);
  return step === "airgap" ? Boolean(made) && Boolean(box?.airGap) : Boolean(made);
}

function steps() {
  const now = STEPS.find((step) => !isDone(step));
  return html`<nav aria-label=${say("setup.steps")}><ol class="steps">${STEPS.map((step, at) => html`<li>
    <a href=${`#s-${step}`} aria-current=${step === now ? "step" : nothing}>
    <span class="step-mark ${isDone(step) ? "step-done" : ""}">${isDone(step) ? icon("check") : at + 1}</span>
    <span class="name">${say(`setup.${step}`)}</span></a></li>`)}</ol></nav>`;
}

const right = () => html`<span class="badge badge-good">${icon("check")}${say("setup.done")}</span>`;

/** @param {string} step @param {unknown} body @param {unknown} [aside] */
const card = (step, body, aside = "") => html`<section class="card" id=${`s-${step}`} aria-labelledby=${`t-${step}`}>
  <header class="card-head"><h2 class="grow" id=${`t-${step}`}>${say(`setup.${step}`)}</h2>${aside}</header><div class="card-body">${body}</div></section>`;

function account() {
  if (made) {
    const { name, handedOver } = made;
    return card("admin", html`<p>${say("setup.admin.made", { name })}</p>${handedOver.length ? html`<p class="soft">${say("setup.handed")}</p>
      <dl class="facts">${handedOver.map(([what, count]) => html`<dt>${KEPT.has(what) ? say(`kept.${what}`) : what}</dt><dd class="num">${number(count)}</dd>`)}</dl>` : ""}`, right());
  }
  if (box?.open) return card("admin", html`<p class="soft">${say("setup.open")}</p><p><code class="command">solebox serve --accounts</code></p>`);
  return html`<form class="stack-24" @submit=${form.submit}>
    ${card("code", field("setup-code", say("code"), html`<input class="input input-large mono code-field" id="setup-code" name="code" autocomplete="off"
      autocapitalize="characters" spellcheck="false" required autofocus aria-describedby="setup-code-hint">`, say("setup.code.hint")))}
    ${card("admin", html`<div class="stack">${field("name", say("name"), html`<input class="input input-large" id="name" name="name" autocomplete="username"
      autocapitalize="none" spellcheck="false" required>`)}<div class="form-2">${newPassword()}</div>
      ${form.trouble()}
      <div class="row-wide"><button class="btn btn-primary" ?disabled=${form.busy()}>${say("setup.admin.do")}</button>
      <span class="hint">${say("setup.admin.hint")}</span></div></div>`)}</form>`;
}

/** Two and two digits, so that they can be read aloud. @param {string} fingerprint */
const pairs = (fingerprint) => fingerprint.replace(/((?:[0-9A-F]{2}:?){2})/gi, "$1 ").replaceAll(": ", " ").trim();

/** @param {Authority | undefined} authority */
function certificate(authority) {
  if (!authority) return card("certificate", html`<p class="soft">${say(location.protocol === "https:" ? "setup.certificate.given" : "setup.certificate.none")}</p>
    ${location.protocol === "https:" ? "" : html`<p class="mono">solebox serve --tls</p>`}`);
  return card("certificate", html`<p class="soft">${say("setup.certificate.compare")}</p>
    <p class="fingerprint">${pairs(authority.fingerprint)}</p>
    <div class="row-wide">${compared ? right() : html`<button type="button" class="btn" @click=${() => { compared = true; draw(); }}>${say("setup.certificate.equal")}</button>`}
    <a class="btn btn-quiet" href="/tls">${icon("download")}${say("setup.certificate.trust")}</a></div>`,
    html`<span class="small faint">${say("setup.certificate.until", { time: moment(Date.parse(authority.until)) })}</span>`);
}

/** @param {boolean} on */
function airGap(on) {
  const lamp = html`<span class="badge ${on ? "badge-good" : ""}">${icon("unplug")}${say(on ? "airgap.state.on" : "airgap.state.off")}</span>`;
  return card("airgap", html`<p class="soft">${say(on ? "airgap.what.on" : "airgap.what.off")}</p>
    <div class="row-wide"><code class="command">${on ? PROVE : "solebox serve --air-gap"}</code>
    <button type="button" class="btn btn-small" @click=${() => copy(on ? PROVE : "solebox serve --air-gap")}>${icon("copy")}${say("copy")}</button></div>`, lamp);
}

const next = () => html`<div class="row-wide"><a class="btn btn-primary btn-large" href="/">${icon("message-square")}${say("setup.chat")}</a>
  <a class="btn btn-large" href="/desk#models">${icon("box")}${say("setup.models")}</a>
  <a class="btn btn-quiet btn-large" href="/desk#account">${icon("shield")}${say("setup.factor")}</a></div>`;

function view() {
  if (failed) return html`<div class="panel">${problem(failed, () => location.reload())}</div>`;
  if (appliance) return appliance.view();
  if (!box) return "";
  return html`<div class="setup">${steps()}<div class="stack-24">
    <div class="stack-8"><h1>${say("setup.title")}</h1><p class="soft">${say("setup.about")}</p></div>
    ${account()}${certificate(box.authority)}${airGap(box.airGap)}${made ? next() : ""}</div></div>`;
}

async function start() {
  const found = new URLSearchParams(location.search).get("found");
  const first = await ask("GET", "/setup/state", undefined, { also: held() });
  if (found || first.open) {
    appliance = (await import("../appliance/appliance.js")).steps(draw, first, found);
    return draw();
  }
  const [state, ways] = await Promise.all([ask("GET", "/auth"), ask("GET", "/auth/ways")]);
  if (state.accounts) return location.replace("/signin");
  const encrypted = location.protocol === "https:";
  const authority = encrypted ? await ask("GET", "/tls/authority").catch(() => undefined) : undefined;
  const me = await ask("GET", "/auth/me", undefined, { stayHere: true }).catch(() => undefined);
  box = { airGap: Boolean(ways.air_gap), authority, open: me?.signed_in_by === "nothing" };
  draw();
}

start().catch((error) => { failed = error; draw(); });
