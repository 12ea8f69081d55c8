import assert from "node:assert/strict";
import { test } from "node:test";
import { composing, nameOf } from "../../../server/src/main/resources/io/solebox/server/web/base/keys.js";

const press = (key, held = {}) => nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test("keys have one name on every keyboard", () => {
  assert.equal(press("k", { ctrlKey: true }), "Ctrl+K");
  assert.equal(press("k", { metaKey: true }), "Ctrl+K");
  assert.equal(press("?", { shiftKey: true }), "?");
  assert.equal(press("O", { ctrlKey: true, shiftKey: true }), "Ctrl+Shift+O");
  assert.equal(press("Enter", { shiftKey: true }), "Shift+Enter");
});

test("the Enter of an input method is not a person's", () => {
  assert.ok(composing({ isComposing: true, keyCode: 13 }));
  assert.ok(composing({ isComposing: false, keyCode: 229 }));
  assert.ok(!composing({ isComposing: false, keyCode: 13 }));
});
