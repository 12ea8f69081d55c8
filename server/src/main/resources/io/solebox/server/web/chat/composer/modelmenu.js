// The models to choose from: what is loaded, what would have to be, what that costs, and what to expect then.

import { ask } from "../../base/api.js";
import { bytes, number, speed } from "../../base/format.js";
import { keep, tellChoice } from "../../base/kept.js";
import { openBox } from "../../base/menubox.js";
import { say } from "../../base/words.js";
import { changeSettings } from "../settings.js";
import { state } from "../state.js";
import { chosenModel } from "./count.js";
import { readModels } from "./models.js";

/** @typedef {import("../state.js").Model} Model */

/** Format, size and speed of a model, or what is wrong with it. @param {Model} model */
export function note(model) {
  const about = model.solebox;
  switch (about.state) {
    case "loading": return say("model.loading", { n: Math.round(100 * (about.fraction ?? 0)) });
    case "failed": case "failing": return say("model.failed");
    default: {
      const size = typeof about.bytes === "number" ? bytes(about.bytes) : "";
      const millions = typeof about.parameters === "number" ? parameters(about.parameters) : "";
      return [about.format ?? "", size || millions, pace(state.get().prospects.get(model.id))].filter(Boolean).join(" · ");
    }
  }
}

/** @param {import("../state.js").Prospect | undefined} prospect */
function pace(prospect) {
  const expected = prospect?.tokens_per_second;
  if (expected === undefined) return "";
  return prospect?.measured ? speed(expected) : say("model.expected", { speed: speed(Number(expected.toPrecision(2))) });
}

/** What has to happen before a model that is not there can answer. @param {Model} model */
function price(model) {
  const prospect = model.solebox.state === "ready" ? undefined : state.get().prospects.get(model.id);
  if (prospect?.fits === false) return say("model.noRoom", { needed: bytes(prospect.needed_bytes ?? 0) });
  const unseen = prospect?.leaving_unseen ?? 0;
  const leaving = [...(prospect?.leaving ?? []), ...(unseen ? [say("model.unseen", { n: unseen })] : [])];
  return leaving.length ? say("model.unloads", { names: leaving.join(", ") }) : "";
}

/** @param {number} count */
const parameters = (count) => (count >= 1e9 ? `${number(count / 1e9, 1)}B` : `${number(count / 1e6)}M`);

/** What it means to ask each model: behind the list, since the server looks at files for it. */
async function readProspects() {
  const said = await ask("GET", "/chats/prospects");
  state.set({ prospects: new Map(said.models.map((/** @type {import("../state.js").Prospect} */ one) => [one.id, one])) });
}

/** @param {string} id */
export function choose(id) {
  state.set({ model: id });
  changeSettings({ model: id });
  keep("model", id);
  tellChoice({ model: id });
}

/** @param {HTMLElement} button */
export async function openModels(button) {
  // What is loaded may have changed since.
  await readModels().catch(() => {});
  const show = openBox(button, choices());
  await readProspects();
  show(choices());
}

/** @returns {import("../../base/menu.js").MenuItem[]} */
function choices() {
  const { models: all, prospects } = state.get();
  const models = all.filter((model) => prospects.get(model.id)?.answers !== false);
  const loaded = models.filter((model) => model.solebox.state !== "unloaded");
  const others = models.filter((model) => model.solebox.state === "unloaded");
  /** @param {Model} model */
  const entry = (model) => ({
    word: model.id,
    below: [note(model), price(model)].filter(Boolean),
    checked: model.id === chosenModel()?.id,
    run: () => choose(model.id),
  });
  return [
    ...(loaded.length ? [{ label: say("model.loaded") }] : []), ...loaded.map(entry),
    ...(others.length ? [{ label: say("model.others") }] : []), ...others.map(entry),
  ];
}
