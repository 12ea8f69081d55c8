import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsOf, windowOf } from "../../../server/src/main/resources/io/solebox/server/web/chat/sidebar/rows.js";

const HOUR = 3_600_000;
const noon = new Date(2026, 10, 28, 12).getTime();
const line = (id, updated, more = {}) => ({ id, title: id, updated, created: updated, tags: [], pinned: false, archived: false, temporary: false, running: false, ...more });
const words = { pinned: "Pinned", folders: "Folders", day: (millis) => new Date(millis).getDate().toString() };
const shape = (rows) => rows.map((row) => (row.kind === "chat" ? row.line.id : row.kind === "folder" ? `${row.name}/` : `[${row.text}]`));

test("pinned, folders, then days", () => {
  const lines = [line("a", noon), line("b", noon - HOUR, { folder: "F" }), line("c", noon - 24 * HOUR), line("d", noon - 25 * HOUR, { pinned: true })];
  const rows = rowsOf({ lines, pinned: [lines[3]], folders: [{ name: "F", chats: 1 }, { name: "G", chats: 2 }], open: new Map([["F", [lines[1]]]]), words });
  assert.deepEqual(shape(rows), ["[Pinned]", "d", "[Folders]", "F/", "b", "G/", "[28]", "a", "[27]", "c"]);
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
});

test("of many rows few are drawn, and the rest has its height", () => {
  const { from, to, above, below } = windowOf(10_000, 32, 160_000, 640);
  assert.ok(to - from < 60);
  assert.equal(above + below + (to - from) * 32, 320_000);
  assert.ok(from * 32 <= 160_000 && to * 32 >= 160_640);
  assert.deepEqual(windowOf(0, 32, 0, 640), { from: 0, to: 0, above: 0, below: 0 });
});
