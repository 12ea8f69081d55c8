// The history as rows of one height, so that of ten thousand only those in sight are drawn.

/**
 * @typedef {import("../state.js").ChatLine} ChatLine
 * @typedef {{kind: "head", key: string, text: string}
 *   | {kind: "folder", key: string, name: string, count: number, open: boolean}
 *   | {kind: "chat", key: string, line: ChatLine, inside: boolean}} Row
 */

/** Midnight before a moment. @param {number} millis */
function dayOf(millis) {
  const date = new Date(millis);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}

/**
 * @param {{
 *   lines: ChatLine[],
 *   pinned: ChatLine[],
 *   folders: {name: string, chats: number}[],
 *   open: Map<string, ChatLine[]>,
 *   words: {pinned: string, folders: string, day: (millis: number) => string},
 * }} of `lines`: the newest first; `open`: what is in the folders that are unfolded
 * @returns {Row[]}
 */
export function rowsOf({ lines, pinned, folders, open, words }) {
  /** @type {Row[]} */
  const rows = [];
  if (pinned.length) {
    rows.push({ kind: "head", key: "pinned", text: words.pinned });
    for (const line of pinned) rows.push({ kind: "chat", key: `pinned ${line.id}`, line, inside: false });
  }
  if (folders.length) {
    rows.push({ kind: "head", key: "folders", text: words.folders });
    for (const { name, chats } of folders) {
      const inside = open.get(name);
      rows.push({ kind: "folder", key: `folder ${name}`, name, count: chats, open: inside !== undefined });
      for (const line of inside ?? []) rows.push({ kind: "chat", key: `${name} ${line.id}`, line, inside: true });
    }
  }
  let day = Number.NaN;
  for (const line of lines) {
    if (line.pinned || line.folder) continue;
    const its = dayOf(line.updated);
    if (its !== day) {
      day = its;
      rows.push({ kind: "head", key: `day ${its}`, text: words.day(line.updated) });
    }
    rows.push({ kind: "chat", key: line.id, line, inside: false });
  }
  return rows;
}

/**
 * Which rows are in sight, with some beyond on both sides.
 * @param {number} count of all rows
 * @param {number} height of one, in pixels
 * @param {number} top how far it is scrolled
 * @param {number} view how much is seen
 */
export function windowOf(count, height, top, view) {
  const beyond = 10;
  const from = Math.max(0, Math.min(count, Math.floor(top / height) - beyond));
  const to = Math.min(count, Math.ceil((top + view) / height) + beyond);
  return { from, to, above: from * height, below: Math.max(0, count - to) * height };
}
