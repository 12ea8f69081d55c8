// What the page about updates says first, of each state that two slots can be in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { canGoBack, canInstall, verdict } from "../../../server/src/main/resources/io/solebox/server/web/desk/update/told.js";

const slot = (name, version, state) => ({ slot: name, version, state, tries_left: 0, tries_done: 0 });
const slots = (running, other) => ({ running: slot("a", "1.0.0", running), other: slot("b", "2.0.0", other), restart_tries_other: other === "on_trial" });

for (const [running, other, key, version, back, install] of [
  ["confirmed", "empty", "update.well", "1.0.0", false, true],
  ["confirmed", "confirmed", "update.well", "1.0.0", true, true],
  ["confirmed", "on_trial", "update.restart.due", "2.0.0", false, true],
  ["confirmed", "failed", "update.went.back", "2.0.0", false, true],
  ["on_trial", "confirmed", "update.on.trial", "1.0.0", true, false],
]) {
  test(`${running} beside ${other} is ${key}`, () => {
    const now = slots(running, other);
    assert.deepEqual([verdict(now).key, verdict(now).version, canGoBack(now), canInstall(now)], [key, version, back, install]);
  });
}
