// Where a passage stands in a document as it is now.

/** @typedef {import("../chat/state.js").Source} Source */

/** The document in its collection. @param {Source} source */
const documentOf = ({ vector_store_id: collection, file_id: file }) => `/v1/vector_stores/${encodeURIComponent(collection)}/files/${encodeURIComponent(file)}`;

/** Where its text is. @param {Source} source */
export const content = (source) => `${documentOf(source)}/content`;

/** Where it is as it was sent. @param {Source} source */
export const original = (source) => `${documentOf(source)}/original`;

/** @typedef {{text: string, section?: number}} Section `section`: its number in the document, where some are left out */

/** Which of those there are has a number. @param {Section[]} sections @param {number} number */
export const indexOf = (sections, number) => sections.findIndex((one, at) => (one.section ?? at) === number);

/**
 * Where the server says it does, or where the same words are, should the document be another by now.
 * @param {Section[]} sections
 * @param {{section: number, from: number, to: number, text: string}} source
 * @returns {{at: number, from: number, to: number} | undefined} `at`: in the list
 */
export function place(sections, { section, from, to, text }) {
  if (!text) return undefined;
  const there = indexOf(sections, section);
  if (sections[there]?.text.slice(from, to) === text) return { at: there, from, to };
  for (const at of [there, ...sections.keys()]) {
    const found = sections[at]?.text.indexOf(text) ?? -1;
    if (found >= 0) return { at, from: found, to: found + text.length };
  }
  return undefined;
}

/**
 * Which pieces of a page a passage is made of; spaces and breaks are wherever each reader puts them, so only what can be seen counts.
 * @param {string[]} pieces
 * @param {string} passage
 * @returns {[number, number] | undefined} the first one, and the one behind the last
 */
export function piecesOf(pieces, passage) {
  const bare = (/** @type {string} */ text) => text.normalize("NFKC").replace(/[\s\u00ad-]+/g, "");
  const ends = [];
  let whole = "";
  for (const piece of pieces) {
    whole += bare(piece);
    ends.push(whole.length);
  }
  const wanted = bare(passage);
  // A passage may begin on the page before, or go on on the next one.
  const [at, length] = find(whole, wanted);
  if (at < 0) return undefined;
  const first = ends.findIndex((end) => end > at);
  const last = ends.findIndex((end) => end >= at + length);
  return [first, (last < 0 ? pieces.length - 1 : last) + 1];
}

/** Characters that are enough to know a place by. */
const ENOUGH = 24;

/** @param {string} whole @param {string} wanted @returns {[number, number]} where it begins, -1 for nowhere, and its length there */
function find(whole, wanted) {
  if (!wanted) return [-1, 0];
  const at = whole.indexOf(wanted);
  if (at >= 0) return [at, wanted.length];
  const begins = whole.indexOf(wanted.slice(0, ENOUGH));
  if (begins >= 0 && wanted.length > ENOUGH) {
    const ends = whole.indexOf(wanted.slice(-ENOUGH), begins);
    return [begins, ends < 0 ? Math.min(wanted.length, whole.length - begins) : ends + ENOUGH - begins];
  }
  const ends = wanted.length > ENOUGH ? whole.indexOf(wanted.slice(-ENOUGH)) : -1;
  return ends < 0 ? [-1, 0] : [0, ends + ENOUGH];
}
