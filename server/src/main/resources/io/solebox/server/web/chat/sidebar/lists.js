// The chats as the sidebar has them: the newest pages, what is pinned, what lies in unfolded folders. Follows the server's news.

import { ask, events } from "../../base/api.js";
import { store } from "../../base/store.js";
import { complain, refresh, running } from "../chats.js";
import { state } from "../state.js";

/**
 * @typedef {import("../state.js").ChatLine} ChatLine
 * @typedef {{
 *   lines: ChatLine[], more: boolean, loading: boolean, failed: string,
 *   pinned: ChatLine[], folders: {name: string, chats: number}[], tags: {name: string, chats: number}[],
 *   open: Map<string, ChatLine[]>,
 *   tag: string, archived: boolean,
 *   chosen: Set<string> | undefined,
 * }} Lists `chosen`: those that are ticked, while some are being chosen
 */

const PAGE = 100;

/** @type {Lists} */
const first = {
  lines: [], more: true, loading: false, failed: "", pinned: [], folders: [], tags: [], open: new Map(), tag: "", archived: false, chosen: undefined,
};
export const lists = store(first);

/** @param {Record<string, string>} more */
function query(more) {
  const { tag, archived } = lists.get();
  return `/chats?${new URLSearchParams({ limit: String(PAGE), archived: String(archived), ...(tag ? { tag } : {}), ...more })}`;
}

/** How often the list was begun anew: what was asked for before is of another one. */
let begun = 0;
/** What the server has told of since then: what it was asked for may be older. @type {Map<string, ChatLine>} */
const told = new Map();
/** Deleted, even where the server does not know yet. @type {Set<string>} */
const gone = new Set();

/** @param {ChatLine[]} lines */
const left = (lines) => lines.filter((line) => !gone.has(line.id));

/**
 * Reads the list on from some lines; what there was stays until it has come.
 * @param {ChatLine[]} lines
 * @param {number} much of it at least, if there is so much
 */
async function read(lines, much) {
  const mine = begun;
  lists.set({ loading: true, failed: "" });
  try {
    let more = true;
    let before;
    do {
      before = lines.length;
      const last = lines.at(-1);
      const page = await ask("GET", query(last ? { after: last.id } : {}));
      if (mine !== begun) return;
      lines = [...new Map([...lines, ...page.chats].map((/** @type {ChatLine} */ line) => [line.id, line])).values()]; // it may have moved
      more = page.more;
    } while (more && before < lines.length && lines.length < much); // or it goes in circles
    lists.set({ lines: left(lines), more });
    told.forEach(putLine);
  } catch (error) {
    if (mine === begun) lists.set({ failed: error instanceof Error ? error.message : String(error) });
  } finally {
    if (mine === begun) lists.set({ loading: false });
  }
}

/** The next page of the list. */
export async function readMore() {
  const { loading, more, lines } = lists.get();
  if (!loading && more) await read(lines, 0);
}

/** How often it was asked for folders: what was asked for last is what holds. */
let asked = 0;

/** Folders, tags and what is pinned. */
export async function readShelves() {
  const mine = ++asked;
  const [folders, tags, pinned] = await Promise.all([
    ask("GET", "/chats/folders"), ask("GET", "/chats/tags"), ask("GET", query({ pinned: "true", limit: "200" })),
  ]);
  if (mine === asked) lists.set({ folders: folders.folders, tags: tags.tags, pinned: left(pinned.chats) });
}

/** Reads everything anew. */
export async function readLists() {
  begun++;
  told.clear();
  await Promise.all([read([], lists.get().lines.length), readShelves().catch(complain), ...[...lists.get().open.keys()].map(readFolder)]);
}

/** @param {string} name */
async function readFolder(name) {
  /** @type {ChatLine[]} */
  let inside = [];
  const mine = begun;
  for (let more = true; more && lists.get().open.has(name);) {
    const last = inside.at(-1);
    const page = await ask("GET", query({ folder: name, limit: "200", ...(last ? { after: last.id } : {}) }));
    if (mine !== begun) return; // it is asked for anew
    inside = [...inside, ...left(page.chats)];
    more = page.more;
    if (lists.get().open.has(name)) lists.set({ open: new Map(lists.get().open).set(name, inside) });
  }
}

/** Folds or unfolds. @param {string} name */
export function toggleFolder(name) {
  const open = new Map(lists.get().open);
  if (open.delete(name)) {
    lists.set({ open });
    return;
  }
  lists.set({ open: open.set(name, []) });
  readFolder(name).catch(complain);
}

/** Another selection of chats. @param {{tag?: string, archived?: boolean}} choice */
export function choose(choice) {
  lists.set({ ...choice, open: new Map(), lines: [], more: true });
  readLists();
}

/** Puts a chat that is new or changed where it belongs. @param {ChatLine} line */
export function putLine(line) {
  if (line.temporary || gone.has(line.id)) return;
  told.set(line.id, line);
  const { lines, pinned, archived, tag, open, folders } = lists.get();
  const before = [...lines, ...pinned, ...[...open.values()].flat()].find((one) => one.id === line.id);
  const fits = line.archived === archived && (!tag || line.tags.includes(tag));
  /** @param {ChatLine[]} list @param {boolean} belongs */
  const put = (list, belongs) => {
    const rest = list.filter((one) => one.id !== line.id);
    return belongs ? [...rest, line].sort((a, b) => b.updated - a.updated) : rest;
  };
  const opened = new Map([...open].map(([name, inside]) => [name, put(inside, fits && line.folder === name)]));
  // What lies behind the pages that were read comes with its page.
  const last = lines.at(-1);
  const read = !lists.get().more || !last || line.updated >= last.updated;
  lists.set({ lines: put(lines, fits && read), pinned: put(pinned, fits && line.pinned), open: opened });
  const moved = (before?.folder ?? null) !== (line.folder ?? null) || (line.folder && !folders.some((one) => one.name === line.folder));
  if (moved || (before && before.tags.join() !== line.tags.join())) readShelves().catch(() => {});
}

/** Takes them out of sight, whatever is told of them. @param {string[]} ids */
export function dropLines(ids) {
  ids.forEach((id) => gone.add(id));
  const { lines, pinned, open } = lists.get();
  lists.set({ lines: left(lines), pinned: left(pinned), open: new Map([...open].map(([name, inside]) => [name, left(inside)])) });
}

/** Those that are not deleted after all. @param {ChatLine[]} lines */
export function bringBack(lines) {
  lines.forEach((line) => gone.delete(line.id));
  lines.forEach(putLine);
}

/** Follows what happens in other tabs and by itself, while somebody looks at this one. */
export function followNews() {
  /** @type {AbortController | undefined} */
  let listening;
  const begin = () => {
    listening?.abort();
    listening = new AbortController();
    events("/chats/events", hear, { signal: listening.signal }).catch(() => {});
  };
  // Browsers keep few connections to a server: tabs that nobody sees let theirs go.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) listening?.abort();
    else {
      begin();
      readLists();
      refresh();
    }
  });
  if (!document.hidden) begin();
}

/** @param {any} news */
function hear(news) {
  if (news.type === "lost") readLists();
  else if (news.type === "deleted") dropLines([news.chat.id]);
  else if (news.type === "folders") readLists();
  else if (news.type === "import") document.dispatchEvent(new CustomEvent("import", { detail: news }));
  else if (news.chat) {
    putLine(news.chat);
    const { chat } = state.get();
    if (!chat || chat.id !== news.chat.id) return;
    if (chat.title !== news.chat.title) state.set({ chat: { ...chat, ...news.chat } });
    // Another tab has begun or changed something here.
    if (running.size === 0 && (news.chat.running || news.chat.updated > chat.updated)) refresh();
  }
}
