// The second step of signing in: a code of an app, a recovery code, or an app that has to be set up first.

import { html } from "../../lib/lit-html/lit-html.js";
import { ask } from "../../base/api.js";
import { say } from "../../base/words.js";
import { enrolmentView } from "../parts/enrolment.js";
import { field, former, text } from "../parts/forms.js";

/** @typedef {{code: string, kinds: string[], challenge: {totp_enrolment?: import("../parts/enrolment.js").Enrolment}}} Second */

/**
 * @param {() => void} redraw
 * @param {{done: (enrolled: boolean) => void, back: () => void}} then
 */
export function secondStep(redraw, then) {
  /** @type {Second | undefined} */
  let second;
  const form = former(redraw, async (fields) => {
    if (!second) return;
    const typed = text(fields, "code").replaceAll(" ", "");
    const enrols = second.kinds.includes("totp_enrolment");
    const kind = enrols ? "totp_enrolment" : /^\d{6}$/.test(typed) ? "totp" : "recovery_code";
    await ask("POST", "/auth/second-factor", { code: second.code, [kind]: typed }, { stayHere: true });
    then.done(enrols);
  });
  return {
    /** @param {Second} asked */
    begin(asked) { second = asked; },
    view() {
      const enrolment = second?.challenge?.totp_enrolment;
      return html`<div class="panel"><div class="stack-8"><h1>${say(enrolment ? "second.enrol" : "second.title")}</h1>
        <p class="soft">${enrolment ? say("second.enrol.why") : location.host}</p></div>
        ${form.trouble()}
        ${enrolment ? html`<div class="stack">${enrolmentView(enrolment)}</div>` : ""}
        <form class="stack" @submit=${form.submit}>
          ${field("code", say("code"), html`<input class="input input-large mono" id="code" name="code" autocomplete="one-time-code"
            autocapitalize="characters" spellcheck="false" required autofocus aria-describedby="code-hint">`,
            say(enrolment ? "second.hint.enrol" : "second.hint"))}
          <button class="btn btn-primary btn-large btn-full" ?disabled=${form.busy()}>${say("go.on")}</button>
          <button type="button" class="btn btn-quiet btn-large btn-full" @click=${then.back}>${say("back")}</button></form></div>`;
    },
  };
}
