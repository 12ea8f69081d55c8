// The page on which people come in: name and password, second step, passkey, an issuer, codes of administrators.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { icon } from "../../base/icons.js";
import "../../base/theme.js";
import { say } from "../../base/words.js";
import { field, former, press, text } from "../parts/forms.js";
import { problem } from "../parts/loads.js";
import { canPasskeys, usePasskey } from "../parts/passkeys.js";
import { airGapLine, alone, wanted } from "./alone.js";
import { joining } from "./join.js";
import { secondStep } from "./second.js";

/** Why an issuer's people are sent back here. */
const BACK = ["cancelled", "failed", "unknown", "waiting", "disabled", "name", "group", "linked"];

/** @type {"none" | "password" | "second" | "join"} */
let step = "none";
/** @type {{text: string, kind: string} | undefined} */
let said;
/** @type {unknown} */
let failed;
let box = { signUp: false, passkeys: false, issuer: "", airGap: false };

const draw = await alone("signin.title", view);
const second = secondStep(draw, {
  done: (enrolled) => location.assign(enrolled ? "/desk#account" : wanted()),
  back,
});
const join = joining(draw, {
  done(way, answer) {
    if (way === "invitation") goOn(answer);
    else {
      back();
      tell(say(`join.${way}.done`), "good");
    }
  },
  back,
});

const form = former(draw, async (fields, element) => {
  said = undefined;
  const secret = text(fields, "password");
  /** @type {HTMLInputElement} */ (element.elements.namedItem("password")).value = "";
  goOn(await ask("POST", "/auth/sign-in", { name: text(fields, "name"), password: secret }, { stayHere: true }));
});

/** @param {string} text @param {string} kind */
function tell(text, kind) {
  said = { text, kind };
  draw();
}

function back() {
  step = "password";
  said = undefined;
  draw();
}

/** What the server answers to a step: signed in, or what is still missing. @param {any} answer */
function goOn(answer) {
  const asked = answer.second_factor;
  if (!asked) return location.assign(wanted());
  if (asked.kinds.includes("passkey")) {
    back();
    return tell(say("second.passkey"), "plain");
  }
  second.begin(asked);
  step = "second";
  draw();
}

/** @param {import("./join.js").Way} way */
function show(way) {
  join.begin(way);
  step = "join";
  draw();
}

const passkey = press(form.fail, async () => {
  const credential = await usePasskey(await ask("POST", "/auth/passkeys/request", undefined, { stayHere: true }));
  goOn(await ask("POST", "/auth/passkeys/sign-in", { credential }, { stayHere: true }));
});

const quiet = "btn btn-quiet btn-large btn-full";

function password() {
  return html`<div class="panel"><div class="stack-8"><h1>${say("signin.title")}</h1><p class="soft">${location.host}</p></div>
    ${said ? html`<div class="notice notice-${said.kind}" role="status">${icon("info")}<p>${said.text}</p></div>` : ""}
    ${form.trouble()}
    <form class="stack" @submit=${form.submit}>
      ${field("name", say("name"), html`<input class="input input-large" id="name" name="name" autocomplete="username webauthn" autocapitalize="none"
        spellcheck="false" required autofocus>`)}
      ${field("password", say("password"), html`<input class="input input-large" id="password" name="password" type="password"
        autocomplete="current-password" required>`)}
      <div class="stack-8"><button class="btn btn-primary btn-large btn-full" ?disabled=${form.busy()}>${say("signin.do")}</button>
      ${box.passkeys ? html`<button type="button" class="btn btn-large btn-full" @click=${passkey}>${icon("fingerprint")}${say("signin.passkey")}</button>` : ""}
      ${box.issuer ? html`<a class="btn btn-large btn-full" href="/auth/oidc/start">${icon("external-link")}${say("signin.issuer", { host: new URL(box.issuer).host })}</a>` : ""}</div></form>
    <details class="other-ways"><summary>${say("signin.other")}</summary><div class="stack-8">
      ${box.signUp ? html`<button class=${quiet} @click=${() => show("sign-up")}>${say("join.sign-up")}</button>` : ""}
      <button class=${quiet} @click=${() => show("invitation")}>${say("signin.invited")}</button>
      <button class=${quiet} @click=${() => show("reset")}>${say("signin.reset")}</button></div></details>
    ${airGapLine(box.airGap)}</div>`;
}

function view() {
  if (failed) return html`<div class="panel">${problem(failed, () => location.reload())}</div>`;
  switch (step) {
    case "none": return "";
    case "password": return password();
    case "second": return second.view();
    case "join": return join.view();
  }
}

async function start() {
  const [state, ways] = await Promise.all([ask("GET", "/auth"), ask("GET", "/auth/ways")]);
  if (!state.accounts) return location.replace("/setup");
  box = {
    signUp: state.sign_up,
    passkeys: ways.passkeys && canPasskeys(),
    issuer: ways.oidc ?? "",
    airGap: Boolean(ways.air_gap),
  };
  back();
  const why = new URLSearchParams(location.search).get("oidc");
  if (why) tell(say(`oidc.${BACK.includes(why) ? why : "failed"}`), "plain");
}

start().catch((error) => { failed = error; draw(); });
