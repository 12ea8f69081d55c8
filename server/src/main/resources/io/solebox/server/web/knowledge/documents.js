// The documents of one collection: what is on its way there, what is being read, what stands.

import { Refusal, ask, sendFile } from "../base/api.js";
import { toast } from "../base/toast.js";
import { say } from "../base/words.js";
import { complain } from "../chat/chats.js";
import { redraw } from "../chat/state.js";
import { putCollection, readAll } from "./collections.js";

/**
 * @typedef {{stage: "waiting" | "reading" | "embedding", done: number, total: number, why?: string}} Progress `why` it waits, where something hinders
 * @typedef {{
 *   id: string, filename: string, usage_bytes: number, created_at: number, chunks: number,
 *   status: "in_progress" | "completed" | "failed" | "cancelled", last_error: {code: string, message: string} | null,
 *   progress?: Progress | null, notes?: string[],
 * }} Document a file of a collection
 *
 * @typedef {{key: number, name: string, bytes: number, part: number, failed?: Refusal, leave: AbortController}} Upload
 *   `part`: how much of it has gone, from 0 to 1
 */

/** How often the server is asked while it works, in milliseconds; less often where it takes long to say. */
const AGAIN = 700;
const REST = 10;

/** Those of the collection that is looked at. */
export const shelf = {
  id: "",
  /** @type {Document[] | undefined} */
  documents: undefined,
  /** @type {Refusal | undefined} */
  failed: undefined,
  /** @type {Upload[]} */
  uploads: [],
  /** Those that go as soon as nobody can take it back. @type {Set<string>} */
  leaving: new Set(),
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
let serial = 0;
/** How often the list was asked for: what was asked for last is what holds. */
let asked = 0;

/** Looks at a collection, and follows what happens in it. @param {string} id */
export function lookInto(id) {
  if (shelf.id === id) return;
  leave();
  Object.assign(shelf, { id, documents: undefined, failed: undefined, uploads: [], leaving: new Set() });
  readDocuments();
}

/** Follows no longer; what is being sent goes on. */
export function leave() {
  clearTimeout(soon);
  shelf.id = "";
}

/** Reads the list anew, and again while the server works on it. */
export async function readDocuments() {
  const { id } = shelf;
  const mine = ++asked;
  clearTimeout(soon);
  const began = performance.now();
  try {
    const [collection, documents] = await Promise.all([ask("GET", `/v1/vector_stores/${id}`), readAll(`/v1/vector_stores/${id}/files`)]);
    if (shelf.id !== id || mine !== asked) return;
    shelf.documents = documents;
    shelf.failed = undefined;
    putCollection(collection);
    // The one may have been read before the other was done.
    if (collection.file_counts.in_progress || documents.some((one) => one.status === "in_progress")) soon = setTimeout(readDocuments, Math.max(AGAIN, REST * (performance.now() - began)));
  } catch (error) {
    if (shelf.id !== id || mine !== asked) return;
    if (!(error instanceof Refusal)) throw error;
    shelf.failed = error;
    if (error.status === 0) soon = setTimeout(readDocuments, 5 * AGAIN);
  }
  redraw();
}

/** Sends files, one after the other, and has each put into the collection. @param {Iterable<File>} files */
export async function addFiles(files) {
  const { id } = shelf;
  const waiting = [...files].map((file) => ({ file, upload: { key: ++serial, name: file.name, bytes: file.size, part: 0, leave: new AbortController() } }));
  shelf.uploads = [...shelf.uploads, ...waiting.map((one) => one.upload)];
  redraw();
  for (const { file, upload } of waiting) {
    if (!upload.leave.signal.aborted) await add(id, file, upload);
  }
}

/** @param {string} id @param {File} file @param {Upload} upload */
async function add(id, file, upload) {
  const form = new FormData();
  form.append("purpose", "assistants");
  form.append("file", file);
  try {
    const sent = await sendFile("/v1/files", form, (part) => { upload.part = part; redraw(); }, { signal: upload.leave.signal });
    await ask("POST", `/v1/vector_stores/${id}/files`, { file_id: sent.id }).catch(async (error) => {
      await ask("DELETE", `/v1/files/${sent.id}`).catch(complain); // nothing would ever show it
      throw error;
    });
    dismiss(upload);
    if (shelf.id === id) await readDocuments();
  } catch (error) {
    if (upload.leave.signal.aborted) return;
    if (!(error instanceof Refusal)) throw error;
    upload.failed = error;
    redraw();
  }
}

/** Stops sending it, or takes away what was said of it. @param {Upload} upload */
export function dismiss(upload) {
  upload.leave.abort();
  shelf.uploads = shelf.uploads.filter((one) => one !== upload);
  redraw();
}

/** Gone from sight at once, from the server when nobody has taken it back. @param {Document} document */
export function removeDocument(document) {
  const { id, leaving } = shelf;
  const stay = () => { leaving.delete(document.id); redraw(); };
  leaving.add(document.id);
  redraw();
  toast(say("know.removed", { name: document.filename }), {
    undo: stay,
    then: async () => {
      try {
        await ask("DELETE", `/v1/vector_stores/${id}/files/${document.id}`);
        if (shelf.id === id) await readDocuments();
        const { removeFiles } = await import("./traces.js");
        await removeFiles([document.id]);
      } catch (error) {
        complain(error);
      }
      stay();
    },
  });
}
