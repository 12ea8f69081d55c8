// Which tools the model of a chat may call, and what its owner is not asked about any more.

import { ask } from "../../base/api.js";
import { dialog } from "../../base/dialog.js";
import { icon } from "../../base/icons.js";
import { fetchStyle } from "../../base/scripts.js";
import { addWords, say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain } from "../chats.js";
import { changeSettings } from "../settings.js";
import { redraw, state } from "../state.js";

/**
 * @typedef {{name: string, description: string, source: string, only_reads: boolean}} Tool
 * @typedef {{id: string, tool: string, chat: string | null}} Approval
 */

await Promise.all([addWords({}, (language) => import(`./words/${language}.js`)), fetchStyle("chat/tools/tools.css")]);

/** @type {Tool[]} that an administrator allows */
let tools = [];

async function read() {
  tools = (await ask("GET", "/tools")).tools;
}

await read().catch(complain);

const chosen = () => state.get().settings.tools ?? [];

/** In the composer, where there is something to choose. */
export function toolsButton() {
  const count = chosen().length;
  if (!tools.length && !count) return "";
  const words = count ? say("tools.on", { n: count }) : say("tools");
  return html`<button class="btn btn-quiet ${count ? "" : "btn-icon"}" type="button" @click=${() => choose().catch(complain)} aria-haspopup="dialog" title=${words} aria-label=${words}>
    ${icon("wand-sparkles")}${count ? html`<span class="num">${count}</span>` : ""}</button>`;
}

async function choose() {
  await read();
  /** @type {Approval[]} */
  let approvals = (await ask("GET", "/tools/approvals")).approvals;
  /** @param {string} name @param {() => void} drawn */
  const toggle = (name, drawn) => {
    const now = chosen();
    changeSettings({ tools: now.includes(name) ? now.filter((one) => one !== name) : [...now, name] });
    drawn();
  };
  /** @param {Approval} approval @param {() => void} drawn */
  const takeBack = async (approval, drawn) => {
    await ask("DELETE", `/tools/approvals/${approval.id}`);
    approvals = approvals.filter((one) => one.id !== approval.id);
    drawn();
  };
  await dialog(say("tools.title"), (close, drawn) => html`<div class="stack"><p class="soft">${say("tools.about")}</p>
    ${tools.length ? "" : html`<p>${say("tools.none")}</p>`}
    <ul class="tool-list">${tools.map((tool) => html`<li><div class="grow"><label class="mono" for=${`tool-${tool.name}`}>${tool.name}</label>
      <p class="small soft">${tool.description}</p><p class="small faint">${[tool.source === "built-in" ? "" : say("tools.from", { source: tool.source }), tool.only_reads ? say("tools.reads") : ""].filter(Boolean).join(", ")}</p></div>
      <input class="switch" type="checkbox" id=${`tool-${tool.name}`} .checked=${chosen().includes(tool.name)} @change=${() => toggle(tool.name, drawn)}></li>`)}
    ${chosen().filter((name) => !tools.some((tool) => tool.name === name)).map((name) => html`<li><span class="grow">${say("tools.gone", { name })}</span>
      <input class="switch" type="checkbox" aria-label=${name} checked @change=${() => toggle(name, drawn)}></li>`)}</ul>
    ${approvals.length ? html`<section class="stack-8"><h3>${say("tools.unasked")}</h3><ul class="tool-list">${approvals.map((one) => html`<li>
      <span class="grow"><span class="mono">${one.tool}</span> <span class="small soft">${where(one)}</span></span>
      <button class="btn btn-small" type="button" aria-label=${say("tools.back.named", { name: one.tool })} @click=${() => takeBack(one, drawn).catch(complain)}>${say("tools.back")}</button></li>`)}</ul></section>` : ""}
    <div class="dialog-actions"><button type="button" class="btn btn-primary" @click=${() => close()}>${say("close")}</button></div></div>`);
  redraw();
}

/** @param {Approval} approval */
function where(approval) {
  if (approval.chat === null) return say("tools.unasked.all");
  return say(approval.chat === state.get().chat?.id ? "tools.unasked.here" : "tools.unasked.chat");
}
