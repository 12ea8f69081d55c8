// Two answers to the same words, beside each other: by two models, or by one with two settings. Each side is a chat that leaves no trace.

import { ask } from "../../base/api.js";
import { complain } from "../chats.js";
import { Running } from "../running.js";
import { redraw, state } from "../state.js";

/**
 * @typedef {{user: import("../state.js").Message, answer: import("../state.js").Message, running: Running}} Exchange
 * @typedef {{model: string, temperature: number | undefined, chat: string, exchanges: Exchange[]}} Side
 */

/** @returns {Side} */
const side = () => ({ model: "", temperature: undefined, chat: "", exchanges: [] });

/** What is compared; drawn anew with `redraw`. */
export const compared = { sides: [side(), side()], seed: 0, hidden: false, refused: "" };

/** Which model a side asks. @param {Side} of @param {number} at */
export function modelOf(of, at) {
  const { models, model } = state.get();
  return of.model || (at === 0 ? model : models.find((one) => one.id !== model && one.solebox.state === "ready")?.id ?? model);
}

export const isComparing = () => compared.sides.some((one) => one.exchanges.some((each) => each.answer.state === "running"));

/** Forgets what was said; the models stay. */
export function beginAgain() {
  for (const one of compared.sides) {
    one.exchanges.forEach((each) => each.running.leave());
    if (one.chat) ask("DELETE", `/chats/${one.chat}`).catch(complain);
    one.chat = "";
    one.exchanges = [];
  }
  compared.seed = 0;
  redraw();
}

/** The same words and the same seed to each side. @param {string} text */
export async function askAll(text) {
  compared.seed ||= 1 + Math.floor(Math.random() * 1_000_000);
  compared.refused = "";
  await Promise.all(compared.sides.map((one, at) => askOne(one, at, text)));
}

/** @param {Side} of @param {number} at @param {string} text */
async function askOne(of, at, text) {
  const model = modelOf(of, at);
  of.chat ||= (await ask("POST", "/chats", { temporary: true, settings: { model } })).id;
  const options = { seed: compared.seed, ...(of.temperature === undefined ? {} : { temperature: of.temperature }) };
  const parent = of.exchanges.at(-1)?.answer.id ?? null;
  const { user, answer } = await ask("POST", `/chats/${of.chat}/turns`, { parent, text, model, options });
  /** @type {Exchange} */
  const exchange = { user, answer, running: new Running(of.chat, answer, {
    changed: redraw,
    ended: (message) => { exchange.answer = message; redraw(); },
    failed: (error) => { exchange.answer = { ...answer, state: "failed" }; complain(error); redraw(); },
  }) };
  of.exchanges.push(exchange);
  redraw();
}

export async function stopAll() {
  await Promise.all(compared.sides.flatMap((one) => one.exchanges.filter((each) => each.answer.state === "running")
    .map((each) => ask("POST", `/chats/${one.chat}/messages/${each.answer.id}/stop`, {}))));
}

/** Makes a chat of what one side said. @param {Side} of @param {number} at @returns {Promise<string>} its id */
export async function keepSide(of, at) {
  const chat = await ask("POST", "/chats", { settings: { model: modelOf(of, at) } });
  /** @type {string | null} */
  let parent = null;
  for (const { user, answer } of of.exchanges) {
    for (const message of [user, answer]) {
      /** @type {any} */
      const made = await ask("POST", `/chats/${chat.id}/messages`, { parent, role: message.role, text: message.text });
      parent = (made.message ?? made).id;
    }
  }
  return chat.id;
}
