// Asks the worker that colours code, which is started for the first block of it.

import { startWorker } from "../../base/scripts.js";

/** @type {Worker | undefined} */
let worker;
/** @type {Map<number, (runs: string[] | undefined) => void>} */
const asked = new Map();
let last = 0;

function start() {
  const made = startWorker("chat/text/colour-worker.js");
  made.onmessage = ({ data }) => {
    asked.get(data.id)?.(data.runs);
    asked.delete(data.id);
  };
  // Without colours it can be read too.
  made.onerror = (error) => {
    console.error(error.message);
    asked.forEach((tell) => tell(undefined));
    asked.clear();
  };
  return made;
}

/**
 * @param {string} text
 * @param {string} lang
 * @returns {Promise<string[] | undefined>} kind ("k" key words, "s" texts and numbers, "c" comments, or none) and text in turns; all texts
 *   together are the text. Nothing where the language is not known
 */
export function coloursOf(text, lang) {
  worker ??= start();
  const id = ++last;
  const runs = new Promise((/** @type {(runs: string[] | undefined) => void} */ resolve) => { asked.set(id, resolve); });
  worker.postMessage({ id, text, lang });
  return runs;
}
