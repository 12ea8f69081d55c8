// What is done with the chat that is open: each action asks the server and puts what it answers in place.

import { Refusal, ask } from "../base/api.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { Running } from "./running.js";
import { changeSettings, settingsOf, tell, told } from "./settings.js";
import { redraw, state } from "./state.js";
import { below, leafBelow, pathTo } from "./tree.js";

/**
 * @typedef {import("./state.js").Attachment} Attachment
 * @typedef {import("./state.js").Chat} Chat
 * @typedef {import("./state.js").Message} Message
 * @typedef {import("./state.js").Options} Options
 */

/** @type {Map<string, Running>} by the message's id */
export const running = new Map();

/** @type {Set<(chat: Chat | undefined) => void>} */
const openHearers = new Set();

/** Hears when another chat is open. @param {(chat: Chat | undefined) => void} hear */
export function onOpen(hear) {
  openHearers.add(hear);
}

/** Says what went wrong, where no better place is. @param {unknown} error */
export function complain(error) {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const refusal = error instanceof Refusal ? error : undefined;
  if (!refusal) console.error(error);
  toast(refusal?.code === "unreachable" ? say("error.unreachable") : refusal?.message ?? say("error.title"));
}

/** The messages that are read now. @returns {Message[]} */
export function path() {
  const { chat, branchFrom } = state.get();
  if (!chat) return [];
  const whole = pathTo(chat.messages, chat.current);
  const cut = whole.findIndex((one) => one.id === branchFrom);
  return cut < 0 ? whole : whole.slice(0, cut + 1);
}

function leaveAll() {
  running.forEach((one) => one.leave());
  running.clear();
}

/** How often somebody has gone to a chat: what was asked for before belongs to another one. */
let visit = 0;

/** A page for a chat that is not begun yet. */
export function newChat() {
  visit++;
  leaveAll();
  state.set({ chat: undefined, chatId: "", failed: undefined, refused: undefined, editing: "", branchFrom: "", opening: false, temporary: false, settings: state.get().defaults });
  openHearers.forEach((hear) => hear(undefined));
}

/** @param {string} id */
export async function openChat(id) {
  if (state.get().chatId !== id) {
    visit++;
    leaveAll();
    state.set({ chat: undefined, chatId: id, failed: undefined, refused: undefined, editing: "", branchFrom: "", opening: true });
  }
  try {
    /** @type {Chat} */
    const chat = await ask("GET", `/chats/${id}`);
    if (state.get().chatId !== id) return;
    put(chat);
    openHearers.forEach((hear) => hear(chat));
  } catch (error) {
    if (state.get().chatId !== id) return;
    if (!(error instanceof Refusal)) throw error;
    state.set({ failed: error, opening: false });
  }
}

/** Reads the open chat again: another tab has changed it. */
export async function refresh() {
  await told();
  const { chat } = state.get();
  if (!chat) return;
  const now = await ask("GET", `/chats/${chat.id}`).catch(() => undefined);
  const here = state.get().chat;
  if (!now || !here || here.id !== chat.id) return;
  if (here.messages === chat.messages && here.current === chat.current) put(now);
  else await refresh(); // what was done meanwhile is newer
}

/** @param {Chat} chat */
function put(chat) {
  for (const message of chat.messages) if (message.state === "running" && !running.has(message.id)) watch(chat.id, message);
  const settings = settingsOf(chat);
  chat = { ...chat, settings, messages: chat.messages.map(withChances) };
  state.set({ chat, chatId: chat.id, opening: false, failed: undefined, settings });
}

/** @param {string} chatId @param {Message} message */
function watch(chatId, message) {
  const one = new Running(chatId, message, {
    changed: redraw,
    ended: (last) => {
      running.delete(last.id);
      if (state.get().chat?.id !== chatId) return;
      finished.set(last.id, one);
      putMessages(chatId, [withChances(last)]);
      document.dispatchEvent(new CustomEvent("answered"));
    },
    failed: (error) => {
      running.delete(message.id);
      complain(error);
      refresh();
    },
  });
  running.set(message.id, one);
}

/** The server tells probabilities of tokens once: what this page has heard of them stays. @param {Message} message */
function withChances(message) {
  const chances = finished.get(message.id)?.chances ?? [];
  return chances.length ? { ...message, logprobs: chances } : message;
}

/** What was streamed to this page stays drawn as it is. @type {Map<string, Running>} */
export const finished = new Map();

/**
 * Of a chat that somebody has left meanwhile, nothing is put in the place of another.
 * @param {string} chatId
 * @param {Message[]} messages
 * @param {string} [current]
 */
function putMessages(chatId, messages, current) {
  const { chat } = state.get();
  if (chat?.id !== chatId) return;
  const ids = new Set(messages.map((one) => one.id));
  state.set({ chat: {
    ...chat,
    messages: [...chat.messages.filter((one) => !ids.has(one.id)), ...messages],
    current: current ?? chat.current,
  } });
}

/** The model and options that the next answer is asked for with. */
function wishes() {
  const { model, settings } = state.get();
  return {
    ...(model ? { model } : {}),
    ...(settings.tools ? { tools: settings.tools } : {}),
    ...(settings.options && Object.keys(settings.options).length ? { options: settings.options } : {}),
  };
}

/** Shows an answer that has begun, in the chat that it belongs to. @param {string} chatId @param {Message[]} messages the answer last */
function putAnswer(chatId, messages) {
  const answer = messages.at(-1);
  if (!answer || state.get().chat?.id !== chatId) return;
  if (answer.state === "running" && !running.has(answer.id)) watch(chatId, answer);
  putMessages(chatId, messages, answer.id);
}

/** Begins the chat on the server, if it is not there yet. @returns {Promise<string>} its id */
async function begun() {
  const { chat, settings, temporary, model } = state.get();
  if (chat) return chat.id;
  const from = visit;
  const line = await ask("POST", "/chats", {
    ...(temporary ? { temporary: true } : {}),
    settings: { ...settings, ...(model ? { model } : {}) },
  });
  if (from === visit) {
    // What was set meanwhile is to be kept with it, too.
    const now = state.get().settings;
    state.set({ chat: { ...line, settings: now, current: null, messages: [] }, chatId: line.id });
    history.pushState(null, "", `/c/${line.id}`);
    if (now !== settings) changeSettings({});
  }
  return line.id;
}

/**
 * Sends what a person wrote; the answer begins.
 * @param {string} text
 * @param {Attachment[]} attachments
 * @param {string | null} [parent] behind which message; the last one that is read if absent
 */
export async function send(text, attachments, parent) {
  const wish = { parent: parent === undefined ? path().at(-1)?.id ?? null : parent, text, ...(attachments.length ? { attachments } : {}), ...wishes() };
  const id = await begun();
  state.set({ refused: undefined });
  await told();
  const { user, answer } = await ask("POST", `/chats/${id}/turns`, wish);
  if (state.get().chat?.id === id) state.set({ branchFrom: "" });
  putAnswer(id, [user, answer]);
}

/**
 * Another answer to the same message, beside those there are.
 * @param {Message} answer
 * @param {{model?: string, options?: Options}} [other]
 */
export async function again(answer, other = {}) {
  const { chat } = state.get();
  if (!chat) return;
  const wish = { parent: answer.parent, ...wishes(), ...other };
  await told();
  const made = await ask("POST", `/chats/${chat.id}/answers`, wish);
  putAnswer(chat.id, [made.answer]);
}

/**
 * Goes on with an answer from where it stands, or from another text.
 * @param {Message} answer
 * @param {string} [text]
 */
export async function goOn(answer, text) {
  const { chat } = state.get();
  if (!chat) return;
  const wish = { ...wishes(), ...(text === undefined ? {} : { text }) };
  await told();
  const said = await ask("POST", `/chats/${chat.id}/messages/${answer.id}/continue`, wish);
  finished.delete(answer.id);
  putAnswer(chat.id, [said.answer ?? { ...answer, state: "running" }]);
}

/**
 * Says whether a call of a tool may be done; the answer goes on when nothing is left to say.
 * @param {Message} answer
 * @param {import("./state.js").Call} call
 * @param {"once" | "chat" | "always" | "refuse"} decision
 */
export async function decide(answer, call, decision) {
  const { chat } = state.get();
  if (!chat) return;
  const said = await ask("POST", `/chats/${chat.id}/messages/${answer.id}/calls/${call.id}`, { decision });
  finished.delete(answer.id);
  putAnswer(chat.id, [said.answer]);
}

/** Stops the engine; what has come stays. */
export async function stop() {
  const { chat } = state.get();
  if (!chat) return;
  const ids = path().filter((one) => running.has(one.id)).map((one) => one.id);
  await Promise.all(ids.map((id) => ask("POST", `/chats/${chat.id}/messages/${id}/stop`, {})));
}

/** Shows another branch. @param {string} through a message on it */
export function show(through) {
  const { chat } = state.get();
  if (!chat) return;
  const current = leafBelow(chat.messages, through);
  state.set({ chat: { ...chat, current } });
  tell(chat.id, { current });
}

/** Changes a text where it stands. @param {Message} message @param {string} text */
export async function changeText(message, text) {
  const { chat } = state.get();
  if (!chat) return;
  const changed = await ask("POST", `/chats/${chat.id}/messages/${message.id}`, { text });
  finished.delete(message.id);
  putMessages(chat.id, [{ ...message, ...changed, text }]);
}

/** An answer's text, changed on a branch of its own. @param {Message} message @param {string} text */
export async function branchText(message, text) {
  const { chat } = state.get();
  if (!chat) return;
  const made = await ask("POST", `/chats/${chat.id}/messages`, { parent: message.parent, role: message.role, text });
  putMessages(chat.id, [made.message ?? made], (made.message ?? made).id);
}

/** Takes a message and what hangs on it out of sight, and away once nobody has said otherwise. @param {Message} message */
export function remove(message) {
  const { chat } = state.get();
  if (!chat) return;
  const gone = below(chat.messages, message.id);
  const rest = chat.messages.filter((one) => !gone.has(one.id));
  const other = rest.filter((one) => one.parent === message.parent).at(-1);
  state.set({ chat: { ...chat, messages: rest, current: other?.id ?? message.parent } });
  toast(say("turn.removed", { n: gone.size }), {
    undo: () => {
      const now = state.get().chat;
      if (now?.id === chat.id) state.set({ chat: { ...now, messages: chat.messages, current: chat.current } });
    },
    then: () => { ask("DELETE", `/chats/${chat.id}/messages/${message.id}`).catch(complain); },
  });
}

/** Changes what a chat is called, where it lies, what it is asked with. @param {string} id @param {Record<string, unknown>} patch */
export async function changeChat(id, patch) {
  const { chat } = state.get();
  if (chat?.id === id) state.set({ chat: { ...chat, ...patch } });
  await ask("POST", `/chats/${id}`, patch);
}
