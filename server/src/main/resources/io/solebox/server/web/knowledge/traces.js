// What is left of a document once no collection has it: the file that was sent.

import { ask } from "../base/api.js";
import { readAll } from "./collections.js";

/**
 * Deletes files of one's own that no collection has any more.
 * @param {Iterable<string>} ids
 */
export async function removeFiles(ids) {
  const wanted = new Set(ids);
  if (!wanted.size) return;
  const files = await readAll("/v1/files?purpose=assistants");
  const mine = new Set(files.map((/** @type {{id: string}} */ one) => one.id).filter((id) => wanted.has(id)));
  if (!mine.size) return;
  for (const { id } of await readAll("/v1/vector_stores")) {
    for (const file of await readAll(`/v1/vector_stores/${id}/files`)) mine.delete(file.id);
  }
  for (const id of mine) await ask("DELETE", `/v1/files/${id}`);
}
