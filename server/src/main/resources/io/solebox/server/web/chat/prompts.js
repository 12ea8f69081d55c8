// The prompt library: texts for again and again, with `{{places}}` that are asked for.

import "./apart/ready.js";
import { ask } from "../base/api.js";
import { dialog } from "../base/dialog.js";
import { icon } from "../base/icons.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { html } from "../lib/lit-html/lit-html.js";
import { complain } from "./chats.js";
import { draftText, fillComposer } from "./composer/composer.js";

/** @typedef {{id: string, name: string, text: string}} Prompt */

/** The places of a prompt, each once. @param {string} text @returns {string[]} */
export const variables = (text) => [...new Set([...text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].map((found) => found[1] ?? ""))];

/** @param {string} text @param {Record<string, string>} values */
export const filled = (text, values) => text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name) => values[name] ?? whole);

export async function openPrompts() {
  try {
    const said = await ask("GET", "/prompts");
    await list(said.prompts);
  } catch (error) {
    complain(error);
  }
}

/** @param {Prompt[]} prompts */
async function list(prompts) {
  let all = prompts;
  const chosen = await dialog(say("prompts"), (/** @type {(value?: Prompt | "new") => void} */ close, redraw) => {
    /** @param {Prompt} prompt */
    const remove = (prompt) => {
      const before = all;
      all = all.filter((one) => one !== prompt);
      redraw();
      toast(say("prompts.deleted", { name: prompt.name }), {
        undo: () => { all = before; redraw(); },
        then: () => { ask("DELETE", `/prompts/${prompt.id}`).catch(complain); },
      });
    };
    return html`<div class="stack">${all.length ? html`<ul class="prompt-list">${all.map((prompt) => html`<li class="row">
      <button class="menu-item grow" @click=${() => close(prompt)}><span class="grow"><b>${prompt.name}</b><br><span class="soft small cut prompt-text">${prompt.text}</span></span></button>
      <button class="btn btn-quiet btn-icon btn-small" @click=${() => remove(prompt)} aria-label=${say("prompts.delete", { name: prompt.name })}>${icon("trash-2")}</button></li>`)}</ul>`
      : html`<p class="soft">${say("prompts.empty")}</p>`}
      <div class="dialog-actions"><button class="btn" @click=${() => close()}>${say("close")}</button><button class="btn btn-primary" @click=${() => close("new")}>${icon("plus")}${say("prompts.new")}</button></div></div>`;
  }, { kind: "dialog-wide" });
  if (chosen === "new") await make();
  else if (chosen) await use(chosen);
}

async function make() {
  const made = await dialog(say("prompts.new"), (/** @type {(value?: {name: string, text: string}) => void} */ close) => {
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      close({ name: String(data.get("name")).trim(), text: String(data.get("text")) });
    };
    return html`<form class="stack" @submit=${submit}><div class="field"><label for="prompt-name">${say("prompts.name")}</label><input class="input" id="prompt-name" name="name" required autocomplete="off" autofocus></div>
      <div class="field"><label for="prompt-text">${say("prompts.text")}</label><textarea class="textarea" id="prompt-text" name="text" rows="8" required .value=${draftText()}></textarea><p class="hint">${say("prompts.hint")}</p></div>
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button><button class="btn btn-primary">${say("save")}</button></div></form>`;
  }, { kind: "dialog-wide" });
  if (!made?.name) return;
  await ask("POST", "/prompts", made);
  await openPrompts();
}

/** @param {Prompt} prompt */
async function use(prompt) {
  const names = variables(prompt.text);
  if (!names.length) {
    fillComposer(prompt.text);
    return;
  }
  const values = await dialog(prompt.name, (/** @type {(value?: Record<string, string>) => void} */ close) => {
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
      close(Object.fromEntries(names.map((name) => [name, String(data.get(name))])));
    };
    return html`<form class="stack" @submit=${submit}>${names.map((name, at) => html`<div class="field"><label for=${`place-${at}`}>${name}</label>
      <textarea class="textarea" id=${`place-${at}`} name=${name} rows="2" ?autofocus=${at === 0}></textarea></div>`)}
      <div class="dialog-actions"><button type="button" class="btn" @click=${() => close()}>${say("cancel")}</button><button class="btn btn-primary">${say("prompts.use")}</button></div></form>`;
  });
  if (values) fillComposer(filled(prompt.text, values));
}
