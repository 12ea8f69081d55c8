// Personas: a system prompt, a model and settings under one name.

import { ask } from "../../base/api.js";
import { askText } from "../../base/dialog.js";
import { icon } from "../../base/icons.js";
import { openMenu } from "../../base/menu.js";
import { store } from "../../base/store.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { html } from "../../lib/lit-html/lit-html.js";
import { changeSettings, complain } from "../chats.js";
import { redraw, state } from "../state.js";

/** @typedef {{id: string, name: string, system?: string, model?: string, options?: import("../state.js").Options}} Persona */

/** @type {import("../../base/store.js").Store<{all: Persona[] | undefined}>} */
const personas = store({ all: /** @type {Persona[] | undefined} */ (undefined) });
personas.subscribe(redraw);

async function read() {
  const said = await ask("GET", "/personas");
  personas.set({ all: said.personas });
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
  const all = personas.get().all ?? [];
  personas.set({ all: all.filter((one) => one.id !== persona.id) });
  if (state.get().settings.persona === persona.id) changeSettings({ persona: "" });
  toast(say("persona.deleted", { name: persona.name }), {
    undo: () => personas.set({ all }),
    then: () => { ask("DELETE", `/personas/${persona.id}`).catch(complain); },
  });
}

export function personaField() {
  const { all } = personas.get();
  if (!all) read().catch(() => personas.set({ all: [] }));
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
    <button class="btn btn-left" type="button" aria-haspopup="menu" @click=${menu}>${icon("user")}<span class="grow cut">${now?.name ?? say("persona.none")}</span>${icon("chevron-down")}</button></div>`;
}
