import assert from "node:assert/strict";
import { test } from "node:test";
import { store } from "../../../server/src/main/resources/io/solebox/server/web/base/store.js";

test("several changes are told once, with what was before", () => {
  const frames = [];
  const held = store({ a: 1, b: 1 }, (work) => frames.push(work));
  const told = [];
  const end = held.subscribe((state, before) => told.push([before, state]));
  held.set({ a: 2 });
  held.set({ b: 3 });
  held.set({ b: 3 });
  assert.equal(frames.length, 1);
  frames.pop()();
  assert.deepEqual(told, [[{ a: 1, b: 1 }, { a: 2, b: 3 }]]);
  held.set({ a: 2 });
  assert.equal(frames.length, 0);
  end();
  held.set({ a: 5 });
  frames.pop()();
  assert.equal(told.length, 1);
});
