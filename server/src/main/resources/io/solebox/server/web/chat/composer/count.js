// How many tokens a text has, by the server's own tokenizer; asked for a moment after the last change.

import { ask } from "../../base/api.js";
import { path } from "../chats.js";
import { state } from "../state.js";

/** The model that the next answer is asked of. @returns {import("../state.js").Model | undefined} */
export function chosenModel() {
  const { model, models } = state.get();
  return models.find((one) => one.id === model) ?? models[0];
}

/** Tokens of the context, where the model is loaded. */
export function contextOf() {
  const size = chosenModel()?.solebox.context_tokens;
  return typeof size === "number" ? size : undefined;
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

/** What the conversation takes already: of the latest answer the server has counted it. */
export function usedSoFar() {
  for (const message of path().reverse()) {
    if (message.usage) return message.usage.prompt_tokens + message.usage.completion_tokens;
  }
  return 0;
}
