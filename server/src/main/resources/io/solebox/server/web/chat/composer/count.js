// How many tokens a text has, by the server's own tokenizer; asked for a moment after the last change.

import { ask } from "../../base/api.js";
import { path } from "../chats.js";
import { redraw, state } from "../state.js";

/** The model that the next answer is asked of. @returns {import("../state.js").Model | undefined} */
export function chosenModel() {
  const { model, models } = state.get();
  return models.find((one) => one.id === model) ?? models[0];
}

/** Tokens of the context that this chat may have, where the model is loaded. */
export function contextOf() {
  const size = chosenModel()?.solebox.context_tokens;
  if (typeof size !== "number") return undefined;
  const own = state.get().settings.options?.context_tokens;
  return typeof own === "number" ? Math.min(own, size) : size;
}

/** What a persona's documents take before anything is said. */
function toldBefore() {
  const { personas, settings } = state.get();
  const files = personas?.find((one) => one.id === settings.persona)?.attachments ?? [];
  return files.reduce((sum, file) => sum + (file.tokens ?? 0), 0);
}

/**
 * Counts; nothing is loaded only to count.
 * @param {string} text
 * @param {AbortSignal} [signal]
 * @returns {Promise<number | undefined>}
 */
export async function countTokens(text, signal) {
  const model = chosenModel();
  if (model?.solebox.state !== "ready") return undefined;
  if (!text) return 0;
  const said = await ask("POST", "/tokenize", { model: model.id, content: text }, signal ? { signal } : {});
  return said.count ?? said.tokens?.length;
}

/** What a conversation without figures takes, by its last message: counted once. @type {Map<string, number>} */
const counted = new Map();

/** What the conversation takes already: of the latest answer the server has counted it. */
export function usedSoFar() {
  const messages = path();
  for (const message of messages.toReversed()) {
    if (message.usage) return message.usage.prompt_tokens + message.usage.completion_tokens;
  }
  const last = messages.at(-1);
  if (!last || last.state === "running") return toldBefore();
  const known = counted.get(last.id);
  if (known === undefined) countAll(last.id, messages);
  return known ?? 0;
}

/** As of an import: nobody has counted it yet. @param {string} id @param {import("../state.js").Message[]} messages */
async function countAll(id, messages) {
  const model = chosenModel();
  if (model?.solebox.state !== "ready") return;
  counted.set(id, 0);
  const said = await ask("POST", "/v1/chat/completions/input_tokens", {
    model: model.id,
    messages: messages.map((one) => ({ role: one.role, content: [...(one.attachments ?? []).map((file) => file.text ?? ""), one.text].join("\n") })),
  }).catch(() => undefined);
  if (typeof said?.input_tokens !== "number") return;
  counted.set(id, said.input_tokens);
  redraw();
}
