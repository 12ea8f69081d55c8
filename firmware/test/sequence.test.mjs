// Power up and down, in order and in time.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, TYPE, measured, round } from "./rig/board.mjs";

const CORE_RISE_MS = 0.95; // of the plant's, into its window

test("power comes up in order, and PERST# is held", (t) => {
  const board = new Board();
  assert.ok(board.isSafe());
  const began = board.ms;
  board.powerUp();
  const [aux, core, module, perst] = [PINS.enAux, PINS.enCore, PINS.enModule, PINS.perst].map((pin) => board.last(pin, 1));
  assert.ok(began < aux && aux < core && core < perst && perst <= module);
  const held = perst - core - CORE_RISE_MS;
  assert.ok(held >= LIMITS.RESET_HOLD && held <= LIMITS.RESET_HOLD + 10, `PERST# was held ${held} ms`);
  assert.equal(board.status().state, "RUN");
  const since = [aux, core, perst, module].map((at) => round(at - began));
  measured(t, `after the order: EN_AUX ${since[0]}, EN_CORE ${since[1]}, PERST# ${since[2]}, EN_MODULE ${since[3]} ms; PERST# held ${round(held)} ms on good rails`);
  board.done();
});

test("power goes in reverse order", (t) => {
  const board = new Board().powerUp();
  assert.equal(board.order(TYPE.off), "DONE");
  board.runTo("OFF");
  const [aux, core, perst] = [PINS.enAux, PINS.enCore, PINS.perst].map((pin) => board.last(pin, 0));
  assert.ok(core - perst >= LIMITS.CORE_OFF_DELAY - 0.1 && core < aux);
  assert.ok(board.plant.core.millivolts < 160 && board.plant.aux.millivolts < 660, "OFF before all is discharged");
  measured(t, `after PERST#: core off ${round(core - perst)}, auxiliary off ${round(aux - perst)}, OFF ${round(board.ms - perst)} ms`);
  board.done();
});

test("a cycle stays off for its time, and comes back", (t) => {
  const board = new Board().powerUp();
  assert.equal(board.order(TYPE.cycle), "DONE");
  board.runTo("CYCLE");
  board.runWhile(() => board.state() !== "RUN", LIMITS.CYCLE_OFF + 1000);
  const off = board.last(PINS.enAux, 1) - board.last(PINS.enAux, 0);
  assert.ok(off >= LIMITS.CYCLE_OFF);
  measured(t, `auxiliary off for ${round(off)} ms`);
  board.done();
});

test("the firmware begins safe, whatever its memory holds", (t) => {
  const board = new Board();
  const status = board.status();
  assert.deepEqual([status.state, status.fault, status.boot], ["OFF", "NONE", 0]);
  assert.equal(Math.round(board.baud / 1000), 115);
  assert.ok(Math.abs(status.mv12 - 12000) < 20 && Math.abs(status.mcu - 35) < 1 && Math.abs(status.ntc - 45) < 1);
  assert.equal(board.trace.length, 0, "an output moved");
  measured(t, `12 V ${status.mv12} mV, heat sink ${status.ntc} C, controller ${status.mcu} C; ${board.baud} baud`);
  board.done();
});
