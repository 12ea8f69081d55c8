// Clocks that wrap: the timer's low half after 71 minutes, the milliseconds after 49 days.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, measured, round } from "./rig/board.mjs";

for (const [what, wrapMicros] of [["the microseconds", 2 ** 32], ["the milliseconds", 2 ** 32 * 1000]])
  test(`${what} may wrap while a sequence runs`, (t) => {
    const board = new Board({ startMicros: wrapMicros - 60_000 });
    board.powerUp("HOLD_RESET");
    assert.ok(board.ms < 60, "it has wrapped already");
    board.runTo("RUN");
    assert.ok(board.ms > 60);
    const held = board.last(PINS.perst, 1) - board.last(PINS.enCore, 1);
    assert.ok(held > LIMITS.RESET_HOLD && held < LIMITS.RESET_HOLD + 12, `${held} ms`);
    board.run(1000);
    const status = board.status();
    assert.equal(status.state, "RUN");
    assert.ok(Math.abs(status.uptimeMs - board.ms) < 10, `${status.uptimeMs} ms up`);
    board.plant.celsius = 96;
    assert.ok(board.timeToSafe(5) < 3);
    measured(t, `PERST# held ${round(held)} ms after EN_CORE, up ${Math.round(board.ms)} ms, told ${status.uptimeMs}`);
    board.done();
  });
