// Rails that do not come, do not stay, or do not go.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, TYPE, measured, round } from "./rig/board.mjs";

function latched(board, fault) {
  const status = board.status();
  assert.deepEqual([status.state, status.fault], ["FAULT", fault]);
  assert.ok(board.isSafe());
}

function neverReleased(board) {
  assert.ok(!board.trace.some((change) => (change.pin === PINS.perst || change.pin === PINS.enModule) && change.level === 1));
}

for (const [name, rail, ceiling, state, pin, fault, timeout] of [
  ["auxiliary", "aux", 2500, "RAMP_AUX", PINS.enAux, "AUX_LATE", LIMITS.AUX_TIMEOUT],
  ["core", "core", 700, "RAMP_CORE", PINS.enCore, "CORE_LATE", LIMITS.CORE_TIMEOUT],
])
  test(`a stuck ${name} rail ends the sequence, and PERST# is never released`, (t) => {
    const board = new Board();
    board.plant[rail].ceiling = ceiling;
    board.powerUp(state);
    board.timeToSafe(timeout + 10);
    const took = board.last(pin, 0) - board.last(pin, 1);
    assert.ok(took >= timeout && took < timeout + 5);
    latched(board, fault);
    neverReleased(board);
    measured(t, `off ${round(took)} ms after its enable`);
    board.done();
  });

test("nothing is powered without power good", (t) => {
  const board = new Board({ plant: { psuGood: false } });
  board.powerUp("WAIT_12V");
  const took = board.runWhile(() => board.state() !== "FAULT", LIMITS.V12_TIMEOUT + 10);
  latched(board, "12V_LATE");
  assert.equal(board.trace.filter((change) => change.pin === PINS.enAux).length, 0);
  measured(t, `given up after ${round(took)} ms`);
  board.done();
});

test("a rail that does not fall is told, and keeps power from coming back", (t) => {
  const board = new Board().powerUp();
  board.plant.core.floor = 700;
  assert.equal(board.order(TYPE.off), "DONE");
  const took = board.runWhile(() => board.state() !== "FAULT", LIMITS.DISCHARGE_TIMEOUT + 20);
  latched(board, "RAIL_STUCK");
  assert.equal(board.order(TYPE.resetFault), "REFUSED_CAUSE");
  assert.equal(board.order(TYPE.on), "REFUSED_FAULT");
  board.plant.core.floor = 0;
  board.run(5);
  assert.equal(board.order(TYPE.resetFault), "DONE");
  measured(t, `latched after ${round(took)} ms`);
  board.done();
});

for (const [what, fault, breaks] of [
  ["power good lost", "PSU_LOST", (plant) => (plant.psuGood = false)],
  ["12 V low", "12V_LOW", (plant) => (plant.millivolts12 = 10900)],
  ["12 V high", "12V_HIGH", (plant) => (plant.millivolts12 = 13100)],
  ["auxiliary low", "AUX_LOW", (plant) => (plant.aux.ceiling = 2900)],
  ["core high", "CORE_HIGH", (plant) => Object.assign(plant.core, { ceiling: 900, nominal: 900, millivolts: 900 })],
  ["the regulator's power good lost", "VRM_LOST", (plant) => (plant.vrmGood = false)],
])
  test(`${what} cuts all power in RUN`, (t) => {
    const board = new Board().powerUp();
    breaks(board.plant);
    const took = board.timeToSafe(5);
    assert.ok(took < 3, `${took} ms`);
    latched(board, fault);
    measured(t, `safe after ${round(took)} ms`);
    board.done();
  });

test("one wrong sample trips nothing", () => {
  const board = new Board().powerUp();
  for (let channel = 0; channel < 4; channel++)
    for (const wrong of [0, 4095]) {
      // The very next conversion of that channel, once.
      const adc = board.chip.mcu.adc;
      const read = adc.onADCRead;
      let left = 4; // samples that are averaged: a whole measurement of nothing but wrong ones
      adc.onADCRead = (asked) => {
        read(asked);
        if (asked !== channel || left === 0) return;
        left--;
        const right = adc.channelValues[channel];
        adc.channelValues[channel] = wrong;
        const complete = adc.completeADCRead;
        adc.completeADCRead = (...how) => {
          complete.apply(adc, how);
          adc.channelValues[channel] = right;
          adc.completeADCRead = complete;
        };
      };
      board.run(20);
      adc.onADCRead = read;
      assert.equal(left, 0, "the wrong samples were not taken");
      assert.equal(board.state(), "RUN", `channel ${channel} read ${wrong}`);
    }
  assert.equal(board.level(PINS.perst), 1);
  board.done();
});
