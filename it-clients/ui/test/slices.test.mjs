// Work that waits is done in its order, a little at a time, whatever becomes of a part of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLICE, slowly } from "../../../server/src/main/resources/io/solebox/server/web/base/slices.js";

const done = () => new Promise((resolve) => slowly(() => resolve(undefined)));

/** Holds the thread for so many milliseconds. @param {number} millis */
function hold(millis) {
  const end = performance.now() + millis;
  while (performance.now() < end); // busy
}

test("works are done in their order, and what they ask for comes behind", async () => {
  /** @type {string[]} */
  const said = [];
  slowly(() => { said.push("a"); slowly(() => said.push("d")); });
  slowly(() => said.push("b"));
  slowly(() => said.push("c"));
  assert.deepEqual(said, []);
  await done();
  await done();
  assert.deepEqual(said, ["a", "b", "c", "d"]);
});

test("between long works others have a turn", async () => {
  let turns = 0;
  let last = 0;
  const turn = () => { turns++; if (last < 3) setTimeout(turn, 0); };
  setTimeout(turn, 0);
  const seen = [];
  for (let at = 1; at <= 3; at++) slowly(() => { seen.push(turns); hold(SLICE + 1); last = at; });
  await done();
  assert.ok(seen[0] < seen[1] && seen[1] < seen[2], String(seen));
});

test("where the browser has much to do with what was drawn, others wait until then", async () => {
  let turns = 0;
  const turn = () => { turns++; if (seen.length < 3) setTimeout(turn, 0); };
  /** @type {number[]} */
  const seen = [];
  setTimeout(turn, 0);
  for (let at = 0; at < 3; at++) slowly(() => { seen.push(turns); return true; });
  await done();
  assert.ok(seen[0] !== undefined && seen[0] < (seen[1] ?? 0) && (seen[1] ?? 0) < (seen[2] ?? 0), String(seen));
});

test("a work that fails takes no other with it, and is told", async (t) => {
  const told = t.mock.method(console, "error", () => {});
  let after = false;
  slowly(() => { throw new Error("no"); });
  slowly(() => { after = true; });
  await done();
  assert.ok(after);
  assert.equal(told.mock.calls[0]?.arguments[0].message, "no");
});
