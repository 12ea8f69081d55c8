// Programs that a model has written run in a frame of their own, which can reach nothing; the server hears what came of them.

import { ask } from "../../base/api.js";

/** @typedef {import("../state.js").Call} Call */

const MOST_MS = 10_000;
/** A frame that does not even say that it is there. */
const SILENT_MS = MOST_MS + 5_000;
let serial = 0;

/** Those that this page has begun: what is told again is not run again. @type {Set<string>} */
const begun = new Set();

/**
 * Runs what a call asks for, and tells the server. Other pages with the same chat do the same; the first is heard.
 * @param {string} chat its id
 * @param {string} message the id of the answer
 * @param {Call} call
 */
export async function runCall(chat, message, call) {
  const key = `${message} ${call.id}`;
  if (begun.has(key)) return;
  begun.add(key);
  const said = await run(code(call.arguments));
  await ask("POST", `/chats/${chat}/messages/${message}/calls/${call.id}/result`, said).catch((error) => {
    if (error.status !== 409) throw error; // another page was quicker, or nobody waits any more
  });
}

/** @param {string} text */
function code(text) {
  try {
    return String(JSON.parse(text).code ?? "");
  } catch {
    return ""; // the server has refused it already
  }
}

/** @param {string} program @returns {Promise<{text: string, failed: boolean}>} */
function run(program) {
  const id = ++serial;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.setAttribute("sandbox", "allow-scripts");
  /** @type {(said: {text: string, failed: boolean}) => void} */
  let resolve = () => {};
  /** @type {Promise<{text: string, failed: boolean}>} */
  const promise = new Promise((told) => { resolve = told; });
  const silent = setTimeout(() => resolve({ text: "This browser does not run it.", failed: true }), SILENT_MS);
  /** @param {MessageEvent} event */
  const hear = (event) => {
    if (event.source !== frame.contentWindow) return;
    const said = event.data ?? {};
    if (said.ready) frame.contentWindow?.postMessage({ id, code: program, ms: MOST_MS }, "*");
    else if (said.id === id) resolve({ text: String(said.text), failed: said.failed === true });
  };
  addEventListener("message", hear);
  frame.src = "/frame/script";
  document.body.append(frame);
  return promise.finally(() => {
    clearTimeout(silent);
    removeEventListener("message", hear);
    frame.remove();
  });
}
