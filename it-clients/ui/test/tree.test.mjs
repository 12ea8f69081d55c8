import assert from "node:assert/strict";
import { test } from "node:test";
import { below, leafBelow, pathTo, siblings } from "../../../server/src/main/resources/io/solebox/server/web/chat/tree.js";

const message = (id, parent, created, role = "user") => ({ id, parent, created, role, text: id, state: "done" });
const TREE = [
  message("q1", null, 1),
  message("a1", "q1", 2, "assistant"),
  message("a2", "q1", 3, "assistant"),
  message("q2", "a1", 4),
  message("b1", "q2", 5, "assistant"),
  message("q3", "a1", 6),
  message("other", null, 7),
];
const ids = (path) => path.map((one) => one.id);

test("the way goes through the current message to the newest end", () => {
  assert.deepEqual(ids(pathTo(TREE, "b1")), ["q1", "a1", "q2", "b1"]);
  assert.deepEqual(ids(pathTo(TREE, "a1")), ["q1", "a1", "q3"]);
  assert.deepEqual(ids(pathTo(TREE, "a2")), ["q1", "a2"]);
  assert.deepEqual(ids(pathTo(TREE, null)), ["other"]);
  assert.deepEqual(ids(pathTo(TREE, "gone")), ["other"]);
  assert.deepEqual(pathTo([], null), []);
});

test("siblings are in the order of their making", () => {
  assert.deepEqual(ids(siblings(TREE, TREE[2])), ["a1", "a2"]);
  assert.deepEqual(ids(siblings(TREE, TREE[0])), ["q1", "other"]);
});

test("what hangs on a message goes with it", () => {
  assert.deepEqual([...below(TREE, "a1")].sort(), ["a1", "b1", "q2", "q3"]);
  assert.equal(leafBelow(TREE, "q2"), "b1");
});

test("a tree that is broken ends", () => {
  assert.deepEqual(ids(pathTo([message("x", "y", 1), message("y", "x", 2)], "x")), ["y", "x"]);
});
