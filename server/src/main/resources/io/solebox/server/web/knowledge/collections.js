// Collections of documents, as the server has them, and what is done with them.

import "./ready.js";
import { Refusal, ask } from "../base/api.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { complain } from "../chat/chats.js";
import { state } from "../chat/state.js";

/** @typedef {import("../chat/state.js").Collection} Collection */

/** Why the list could not be read. @type {Refusal | undefined} */
let failed;
let reading = false;
/** Those that go as soon as nobody can take it back. @type {Set<string>} */
const leaving = new Set();

export const whyNot = () => failed;

/** Where one is shown. @param {string} id */
export const addressOf = (id) => `/knowledge/${id}`;

/** Those there are, once they were read; the first who asks has them read. @returns {Collection[] | undefined} */
export function collections() {
  const { collections: all } = state.get();
  if (!all && !reading && !failed) readCollections();
  return all?.filter((one) => !leaving.has(one.id));
}

/** Every page of a list of the API. @param {string} path @param {(so: any[]) => void} [told] after each page */
export async function readAll(path, told) {
  /** @type {any[]} */
  let all = [];
  for (let after = ""; ;) {
    const page = await ask("GET", `${path}${path.includes("?") ? "&" : "?"}limit=100${after ? `&after=${encodeURIComponent(after)}` : ""}`);
    all = [...all, ...page.data];
    told?.(all);
    if (!page.has_more || !page.data.length) return all;
    after = page.last_id ?? page.data.at(-1).id;
  }
}

/** Reads them anew. */
export async function readCollections() {
  reading = true;
  try {
    const all = await readAll("/v1/vector_stores");
    failed = undefined;
    state.set({ collections: all });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    failed = error;
    state.set({ tick: state.get().tick + 1 });
  } finally {
    reading = false;
  }
}

/** How often the server is asked while it works on some, in milliseconds. */
const AGAIN = 2000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** Reads them again in a while, as long as somebody sees that the server works on some. */
export function followCollections() {
  soon ??= setTimeout(() => {
    soon = undefined;
    if (location.pathname === "/knowledge" && !document.hidden) readCollections();
  }, AGAIN);
}

/** Puts what the server says of one in its place. @param {Collection} collection */
export function putCollection(collection) {
  const all = state.get().collections ?? [];
  const known = all.some((one) => one.id === collection.id);
  state.set({ collections: known ? all.map((one) => (one.id === collection.id ? collection : one)) : [collection, ...all] });
}

/** @param {{name: string, description: string, embedding_model?: string}} wish @returns {Promise<Collection>} */
export async function makeCollection(wish) {
  const made = await ask("POST", "/v1/vector_stores", wish);
  putCollection(made);
  return made;
}

/** @param {string} id @param {{name?: string, description?: string}} patch */
export async function changeCollection(id, patch) {
  putCollection(await ask("POST", `/v1/vector_stores/${id}`, patch));
}

/** Gone from sight at once, from the server when nobody has taken it back. @param {Collection} collection */
export function removeCollection(collection) {
  const again = () => state.set({ tick: state.get().tick + 1 });
  const stay = () => { leaving.delete(collection.id); again(); };
  const path = `/v1/vector_stores/${collection.id}`;
  // What it has is asked for now: who leaves the page meanwhile has no time for it.
  const documents = readAll(`${path}/files`).catch(() => []);
  leaving.add(collection.id);
  again();
  toast(say("know.removed", { name: collection.name || say("know.unnamed") }), {
    undo: stay,
    then: () => ask("DELETE", path).then(() => gone(collection.id, documents)).catch(complain).finally(stay),
  });
}

/** @param {string} id @param {Promise<{id: string}[]>} documents that it had */
async function gone(id, documents) {
  state.set({ collections: (state.get().collections ?? []).filter((one) => one.id !== id) });
  const { removeFiles } = await import("./traces.js");
  await removeFiles((await documents).map((one) => one.id));
}

/** @param {Collection} collection */
export const nameOf = (collection) => collection.name || say("know.unnamed");

/** Whether one may change it. @param {Collection} collection */
export const mayWrite = (collection) => collection.access !== "read";
