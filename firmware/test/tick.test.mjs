// The millisecond: that steps are that far apart, and what becomes of one that is late.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, measured, round } from "./rig/board.mjs";

const CONVERSIONS = 20; // of a step: five channels, four samples each

/** Notes when each step begins, and lets conversions take their time, in microseconds. */
function watch(board, begins, conversion = () => 2) {
  const adc = board.chip.mcu.adc;
  const read = adc.onADCRead;
  let count = 0;
  adc.onADCRead = (channel) => {
    if (count++ % CONVERSIONS === 0) begins.push(board.ms);
    adc.sampleTime = conversion(count);
    read(channel);
  };
}

const gaps = (begins) => begins.slice(1).map((at, i) => at - begins[i]);

test("a step begins every millisecond", (t) => {
  const board = new Board().powerUp();
  const begins = [];
  watch(board, begins);
  board.run(500);
  assert.ok(Math.abs(begins.length - 500) <= 1, `${begins.length} steps in 500 ms`);
  const apart = gaps(begins);
  assert.ok(Math.min(...apart) > 0.9 && Math.max(...apart) < 1.1);
  measured(t, `500 ms: ${begins.length} steps, ${Math.min(...apart).toFixed(4)} to ${Math.max(...apart).toFixed(4)} ms apart`);
  board.done();
});

test("a step that is late is not made up for", (t) => {
  const board = new Board().powerUp();
  const begins = [];
  watch(board, begins, (count) => (count === 100 ? 20_000 : 2));
  board.run(100);
  const apart = gaps(begins);
  assert.ok(Math.max(...apart) > 20 && Math.min(...apart) > 0.9, apart.join(" "));
  assert.equal(board.state(), "RUN");
  measured(t, `one took ${round(Math.max(...apart))} ms; none is closer than ${round(Math.min(...apart))} ms to the one before`);
  board.done();
});

test("steps that end just when the next is due keep the loop going", (t) => {
  const board = new Board().powerUp();
  const begins = [];
  watch(board, begins, (count) => 40 + (count % 20_000) / 2000); // 800 to 1000 us for the conversions alone
  board.run(1200);
  const apart = gaps(begins);
  assert.ok(Math.max(...apart) < 2.1, `${Math.max(...apart)} ms`);
  assert.equal(board.state(), "RUN");
  measured(t, `at most ${round(Math.max(...apart))} ms apart`);
  board.done();
});

test("an alarm that is set too late, since something came in between, is not waited for", () => {
  const board = new Board().powerUp();
  const timer = board.chip.mcu.peripherals[0x40054];
  const write = timer.writeUint32;
  const begins = [];
  watch(board, begins);
  let left = 3;
  timer.writeUint32 = (offset, value) => {
    if (offset === 0x10 && left-- > 0) board.chip.mcu.clock.tick(1_500_000);
    write.call(timer, offset, value);
  };
  board.run(100);
  assert.ok(Math.max(...gaps(begins)) < 3);
  assert.ok(left < 0);
  assert.equal(board.state(), "RUN");
  board.done();
});
