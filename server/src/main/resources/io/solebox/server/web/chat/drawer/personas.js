// Personas: a system prompt, a model and settings under one name.

import { ask } from "../../base/api.js";
import { askText } from "../../base/dialog.js";
import { tokens } from "../../base/format.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { complain } from "../chats.js";
import { chip } from "../composer/chip.js";
import { countTokens } from "../composer/count.js";
import { changeSettings } from "../settings.js";
import { state } from "../state.js";

/** @typedef {import("../state.js").Persona} Persona */
/** @typedef {import("../state.js").Attachment} Attachment */

async function read() {
  const said = await ask("GET", "/personas");
  state.set({ personas: said.personas });
}

/** @param {Persona} persona */
export function usePersona(persona) {
  changeSettings({
    persona: persona.id, system: persona.system ?? "", options: persona.options ?? {},
    ...(persona.model ? { model: persona.model } : {}),
  });
  if (persona.model) state.set({ model: persona.model });
}

async function keep() {
  const name = await askText(say("persona.keep"), { label: say("persona.name") });
  if (!name?.trim()) return;
  const { settings, model } = state.get();
  const made = await ask("POST", "/personas", {
    name: name.trim(), system: settings.system ?? "", options: settings.options ?? {}, ...(model ? { model } : {}),
  });
  await read();
  changeSettings({ persona: made.id });
}

/** @param {Persona} persona */
function remove(persona) {
  const all = state.get().personas ?? [];
  state.set({ personas: all.filter((one) => one.id !== persona.id) });
  if (state.get().settings.persona === persona.id) changeSettings({ persona: "" });
  toast(say("persona.deleted", { name: persona.name }), {
    undo: () => state.set({ personas: all }),
    then: () => { ask("DELETE", `/personas/${persona.id}`).catch(complain); },
  });
}

/**
 * Changes what a persona brings; its list has no texts, so the whole is asked for.
 * @param {Persona} persona
 * @param {(files: Attachment[]) => Attachment[]} change
 */
async function changeFiles(persona, change) {
  const whole = await ask("GET", `/personas/${persona.id}`);
  await ask("POST", `/personas/${persona.id}`, { attachments: change(whole.attachments ?? []) });
  await read();
}

/** @param {Persona} persona @param {Iterable<File>} files */
async function addFiles(persona, files) {
  const { readFile } = await import("../composer/files.js");
  for (const file of [...files]) {
    const made = await readFile(file);
    const count = await countTokens(made.text).catch(() => undefined);
    await changeFiles(persona, (all) => [...all, count === undefined ? made : { ...made, tokens: count }]);
  }
}

/** What goes along with every chat with a persona. @param {Persona} persona */
function documents(persona) {
  const files = persona.attachments ?? [];
  const choose = () => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.addEventListener("change", () => { addFiles(persona, input.files ?? []).catch(complain); });
    input.click();
  };
  const cost = files.reduce((sum, file) => sum + (file.tokens ?? 0), 0);
  return html`${files.map((file, at) => chip(file, () => { changeFiles(persona, (all) => all.filter((_, place) => place !== at)).catch(complain); }))}
    <button class="btn btn-small" type="button" @click=${choose}>${icon("paperclip")}${say("persona.documents")}</button>
    <p class="hint">${say("persona.documents.about")}${cost ? ` ${tokens(cost)}` : ""}</p>`;
}

export function personaField() {
  const all = state.get().personas;
  if (!all) read().catch(() => state.set({ personas: [] }));
  const now = all?.find((one) => one.id === state.get().settings.persona);
  /** @param {Event} event */
  const menu = (event) => openMenu(/** @type {HTMLElement} */ (event.currentTarget), [
    { word: say("persona.none"), checked: !now, run: () => changeSettings({ persona: "", system: "", options: {} }) },
    ...(all ?? []).map((one) => ({ word: one.name, note: one.model ?? "", checked: one.id === now?.id, run: () => usePersona(one) })),
    { label: say("persona.more") },
    { word: say("persona.keep"), icon: "save", run: () => keep().catch(complain) },
    ...(now ? [{ word: say("persona.delete", { name: now.name }), icon: /** @type {const} */ ("trash-2"), run: () => remove(now) }] : []),
  ]);
  return html`<div class="field"><span class="label">${say("persona")}</span>
    <button class="btn btn-left" type="button" aria-haspopup="menu" @click=${menu}>${icon("user")}<span class="grow cut">${now?.name ?? say("persona.none")}</span>${icon("chevron-down")}</button>
    ${now ? documents(now) : ""}</div>`;
}
