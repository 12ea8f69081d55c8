// What an authenticator app needs: a QR code, and the same as text.

import { html, svg } from "../../lib/lit-html/lit-html.js";
import { say } from "../../base/words.js";

/** @typedef {{secret: string, qr: {side: number, path: string}}} Enrolment */

/** Black on white in dark mode too: many cameras do not read it the other way round. @param {Enrolment} enrolment */
export const enrolmentView = ({ secret, qr }) => html`<p>${say("factor.scan")}</p>
  <svg class="qr" viewBox=${`0 0 ${qr.side} ${qr.side}`} shape-rendering="crispEdges" role="img" aria-label=${say("factor.qr")}>
  ${svg`<rect class="qr-paper" width=${qr.side} height=${qr.side}></rect><path class="qr-ink" d=${qr.path}></path>`}</svg>
  <p class="mono secret">${secret.match(/.{1,4}/g)?.join(" ") ?? secret}</p>`;

/**
 * Codes that nobody can be shown again.
 * @param {string[]} codes
 * @param {() => void} done
 */
export const recoveryView = (codes, done) => html`<p>${say("factor.codes")}</p>
  <ul class="codes">${codes.map((code) => html`<li class="mono">${code}</li>`)}</ul>
  <div class="row"><button type="button" class="btn btn-primary" @click=${done}>${say("secret.kept")}</button></div>`;
