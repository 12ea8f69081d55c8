// Firmware that hangs, and what comes after.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, POWER, TYPE, measured, round, symbols } from "./rig/board.mjs";

/** The converter never answers: the loop waits for it for ever, while interrupts go on. */
const hang = (board) => (board.chip.mcu.adc.onADCRead = () => {});

/** The emulator raises no faults by itself; all exceptions have the same handler. */
const except = (core) => Object.assign(core, { pendingNMI: true, interruptsUpdated: true, waiting: false });

/** Runs until the watchdog has bitten once. */
function bitten(board) {
  const before = board.chip.resets;
  const took = board.runWhile(() => board.chip.resets === before, LIMITS.WATCHDOG + 5);
  assert.ok(board.isSafe());
  return took;
}

test("a loop that hangs is reset, and ends in the safe state with its log", (t) => {
  const board = new Board().powerUp();
  const before = board.events();
  hang(board);
  const began = board.ms;
  // The host goes on meanwhile: neither its bytes nor the interrupts that they cause feed the watchdog.
  board.send(new Array(1000).fill(0x55));
  while (board.chip.resets === 0 && board.ms - began < 2 * LIMITS.WATCHDOG) board.spi.transfer(board, [1, 2, 3, 4]);
  const took = board.ms - began;
  assert.ok(took >= LIMITS.WATCHDOG - 2 && took <= LIMITS.WATCHDOG + 1.5, `${took} ms`);
  assert.ok(board.isSafe());
  board.run(50);
  const status = board.status();
  assert.deepEqual([status.state, status.fault, status.boot], ["FAULT", "WATCHDOG", 1]);
  const events = board.events();
  assert.deepEqual(events.slice(0, before.length), before);
  assert.deepEqual([events.at(-1).from, events.at(-1).to, events.at(-1).cause, events.at(-1).fault], ["RUN", "FAULT", "START", "WATCHDOG"]);
  assert.equal(events.at(-1).number, before.at(-1).number + 1);
  board.run(200);
  assert.equal(board.chip.levels.filter((level, pin) => level && POWER.includes(pin)).length, 0);
  assert.equal(board.order(TYPE.on), "REFUSED_FAULT");
  assert.equal(board.order(TYPE.resetFault), "DONE");
  board.powerUp();
  measured(t, `reset ${round(took)} ms after it hung; ${events.length} events kept`);
  board.done(1);
});

test("a fault that is latched already is kept over a hang", () => {
  const board = new Board().powerUp();
  board.plant.celsius = 96;
  board.timeToSafe(5);
  hang(board);
  bitten(board);
  board.run(10);
  assert.equal(board.status().fault, "HOT");
  board.done(1);
});

for (const [what, provoke] of [
  ["an exception", except],
  ["an interrupt that nobody asked for", (core) => ((core.enabledInterrupts |= 1 << 25), core.setInterrupt(25, true))],
])
  test(`${what} switches all off at once, and then the watchdog begins anew`, (t) => {
    const board = new Board().powerUp();
    const began = board.ms;
    provoke(board.chip.mcu.core);
    board.run(0.1);
    assert.ok(board.isSafe());
    const off = Math.max(...POWER.map((pin) => board.last(pin, 0))) - began;
    bitten(board);
    board.run(10);
    assert.equal(board.status().fault, "WATCHDOG");
    measured(t, `off after ${Math.round(off * 1e4) / 10} us`);
    board.done(1);
  });

test("a log that was damaged meanwhile is not believed, and it is a fault all the same", () => {
  const board = new Board().powerUp();
  hang(board);
  board.run(1);
  board.chip.mcu.sram[symbols.get("control") - 0x20000000 + 40] ^= 1;
  bitten(board);
  board.run(10);
  const status = board.status();
  assert.deepEqual([status.state, status.fault], ["FAULT", "WATCHDOG"]);
  assert.equal(board.events().length, 1);
  board.done(1);
});

test("a crystal that does not start leaves all off, for ever", (t) => {
  const board = new Board({ onBoot: (mcu) => (mcu.peripherals[0x40024].readUint32 = () => 0) });
  board.run(300);
  assert.ok(board.chip.resets >= 5);
  assert.deepEqual(board.trace, []);
  measured(t, `${board.chip.resets} resets in 300 ms`);
});

test("the boot ROM's restart after it wrote the flash is no hang", () => {
  const board = new Board({ reason: 1 });
  const status = board.status();
  assert.deepEqual([status.state, status.fault, status.boot], ["OFF", "NONE", 0]);
  board.done();
});

test("the fans are at full speed while nobody drives them", () => {
  const board = new Board().powerUp();
  except(board.chip.mcu.core);
  bitten(board);
  assert.equal(board.level(PINS.fan), 0); // the transistor on their line is off
  board.done(1);
});
