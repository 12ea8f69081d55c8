// The list of keys.

import { dialog } from "../base/dialog.js";
import { allShortcuts } from "../base/keys.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";

export function showKeys() {
  dialog(say("keys.title"), (close) => html`<div class="stack"><dl class="pairs keys">
    <dt>${say("composer.send")}</dt><dd><kbd>Enter</kbd></dd><dt>${say("keys.line")}</dt><dd><kbd>Shift+Enter</kbd></dd>
    ${allShortcuts().map((one) => html`<dt>${say(one.label)}</dt><dd><kbd>${one.keys}</kbd></dd>`)}</dl>
    <div class="dialog-actions"><button class="btn" @click=${() => close()}>${say("close")}</button></div></div>`);
}
