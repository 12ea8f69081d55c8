// What can be done with a chat from the sidebar, and with several at once.

import { ask } from "../../base/api.js";
import { askText } from "../../base/dialog.js";
import { openLive } from "../../base/menubox.js";
import { toast } from "../../base/toast.js";
import { say } from "../../base/words.js";
import { changeChat, complain } from "../chats.js";
import { importChats, openTasks, saveAll, saveChat, shareChat } from "../later.js";
import { go } from "../routes.js";
import { state } from "../state.js";
import { bringBack, choose, dropLines, lists, putLine, readShelves } from "./lists.js";
import { newTemporary } from "./temporary.js";

/** @typedef {import("../state.js").ChatLine} ChatLine */

/** Changes a chat here at once and on the server behind it. @param {ChatLine} line @param {Partial<ChatLine>} patch */
export async function change(line, patch) {
  putLine({ ...line, ...patch });
  await changeChat(line.id, patch).catch((error) => { putLine(line); complain(error); });
  if ("folder" in patch || "tags" in patch) readShelves().catch(complain); // how many there are, the server counts
}

/** @param {ChatLine} line */
export async function rename(line) {
  const title = await askText(say("chat.rename"), { value: line.title });
  if (title?.trim()) change(line, { title: title.trim() });
}

/** @param {ChatLine[]} lines */
async function intoFolder(lines) {
  const name = await askText(say("chat.folder"), { value: lines[0]?.folder ?? "", label: say("chat.folder.name") });
  if (name !== undefined) lines.forEach((line) => change(line, { folder: name.trim() || null }));
}

/** @param {ChatLine} line */
async function tag(line) {
  const text = await askText(say("chat.tags"), { value: line.tags.join(", "), label: say("chat.tags.names") });
  if (text !== undefined) change(line, { tags: [...new Set(text.split(",").map((one) => one.trim()).filter(Boolean))] });
}

/** Gone from sight at once, from the server when nobody has taken it back. @param {ChatLine[]} lines */
export function removeChats(lines) {
  const ids = lines.map((line) => line.id);
  dropLines(ids);
  if (ids.includes(state.get().chat?.id ?? "")) go("/");
  toast(say("chat.deleted", { n: ids.length }), {
    undo: () => bringBack(lines),
    then: () => { ask("POST", "/chats/delete", { ids }).catch((error) => { bringBack(lines); complain(error); }); },
  });
}

/** @param {ChatLine} line @returns {import("../../base/menu.js").MenuItem[]} */
export function chatMenu(line) {
  /** @type {import("../../base/menu.js").MenuItem[]} */
  const items = [
    { word: say("rename"), icon: "pencil", run: () => rename(line) },
    { word: say(line.pinned ? "chat.unpin" : "chat.pin"), icon: line.pinned ? "pin-off" : "pin", run: () => change(line, { pinned: !line.pinned }) },
    { word: say("chat.folder"), icon: "folder", run: () => intoFolder([line]) },
    { word: say("chat.tags"), icon: "tag", run: () => tag(line) },
    { word: say(line.archived ? "chat.unarchive" : "chat.archive"), icon: line.archived ? "archive-restore" : "archive", run: () => change(line, { archived: !line.archived }) },
    { word: say("chat.share"), icon: "share-2", run: () => shareChat(line) },
    ...(line.temporary ? [] : [{ word: say("chat.tasks"), icon: /** @type {const} */ ("list-checks"), run: () => openTasks(line) }]),
    { label: say("chat.export") },
    { word: "Markdown", icon: "download", run: () => saveChat(line, "markdown") },
    { word: "JSON", icon: "download", run: () => saveChat(line, "json") },
    { word: "HTML", icon: "download", run: () => saveChat(line, "html") },
    { word: say("delete"), icon: "trash-2", danger: true, run: () => removeChats([line]) },
  ];
  return items;
}

/** The menu of all chats. @param {HTMLElement} button */
export const openSideMenu = (button) => openLive(button, sideMenu, lists);

/** @returns {import("../../base/menu.js").MenuItem[]} */
function sideMenu() {
  const { archived, tag, tags } = lists.get();
  return [
    { word: say("chat.temporary"), icon: "message-square-dashed", run: newTemporary },
    { word: say("side.select"), icon: "list-checks", run: () => lists.set({ chosen: new Set() }) },
    { word: say(archived ? "side.current" : "side.archived"), icon: "archive", run: () => choose({ archived: !archived, tag: "" }) },
    { word: say("import"), icon: "upload", run: importChats },
    { word: say("export.all"), icon: "download", run: saveAll },
    ...(tags.length ? [{ label: say("chat.tags") }] : []),
    ...tags.map((one) => ({ word: one.name, note: String(one.chats), checked: one.name === tag, run: () => choose({ tag: one.name === tag ? "" : one.name }) })),
  ];
}

/** The lines that are ticked. @returns {ChatLine[]} */
function chosen() {
  const { chosen: ids, lines, pinned, open } = lists.get();
  const all = new Map([...lines, ...pinned, ...[...open.values()].flat()].map((line) => [line.id, line]));
  return [...(ids ?? [])].flatMap((id) => all.get(id) ?? []);
}

export const bulk = {
  remove: () => { removeChats(chosen()); lists.set({ chosen: undefined }); },
  archive: () => { chosen().forEach((line) => change(line, { archived: !line.archived })); lists.set({ chosen: undefined }); },
  folder: () => { intoFolder(chosen()).then(() => lists.set({ chosen: undefined })); },
};
