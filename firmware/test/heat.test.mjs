// Heat: trips, the module's own, and the throttle.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, TYPE, measured, round } from "./rig/board.mjs";
import { encode } from "./rig/frames.mjs";

/** Ways to each state but FAULT. */
const STATES = {
  OFF: () => {},
  WAIT_12V: (board) => {
    board.plant.psuGood = false;
    board.powerUp("WAIT_12V");
  },
  RAMP_AUX: (board) => board.powerUp("RAMP_AUX"),
  RAMP_CORE: (board) => board.powerUp("RAMP_CORE"),
  HOLD_RESET: (board) => board.powerUp("HOLD_RESET"),
  RUN: (board) => board.powerUp(),
  STOPPING: (board) => {
    board.powerUp();
    board.press(100);
    assert.equal(board.state(), "STOPPING");
  },
  POWER_DOWN: (board) => {
    board.powerUp();
    board.plant.aux.floor = board.plant.core.floor = 700; // or the order's answer comes when all is over
    assert.equal(board.order(TYPE.off), "DONE");
    assert.equal(board.state(), "POWER_DOWN");
    board.plant.aux.floor = board.plant.core.floor = 0;
  },
  CYCLE: (board) => {
    board.powerUp();
    assert.equal(board.order(TYPE.cycle), "DONE");
    board.runTo("CYCLE");
  },
};

for (const [state, reach] of Object.entries(STATES))
  test(`too hot in ${state}: no power, and a fault, in less than 3 ms`, (t) => {
    const board = new Board();
    reach(board);
    assert.equal(board.state(), state);
    board.plant.celsius = 96;
    const took = board.timeToSafe(5) + board.runWhile(() => board.state() !== "FAULT", 5);
    assert.ok(took < 3, `${took} ms`);
    const status = board.status();
    assert.deepEqual([status.state, status.fault, status.fan], ["FAULT", "HOT", 100]);
    assert.equal(board.measureFan().duty, 100);
    assert.equal(board.events().at(-1).from, state);
    measured(t, `after ${round(took)} ms`);
    board.done();
  });

test("too hot at whatever moment between two samples cuts all power in less than 3 ms", (t) => {
  const took = [];
  for (let phase = 0; phase < 1; phase += 0.1) {
    const board = new Board().powerUp();
    board.run(phase);
    board.plant.celsius = 96;
    took.push(board.timeToSafe(5));
    board.done();
  }
  assert.ok(Math.max(...took) < 3, took.map(round).join(" "));
  measured(t, `safe after ${round(Math.min(...took))} to ${round(Math.max(...took))} ms`);
});

test("too hot is latched until it is cool and somebody resets it", () => {
  const board = new Board().powerUp();
  board.plant.celsius = 96;
  board.timeToSafe(5);
  assert.equal(board.order(TYPE.resetFault), "REFUSED_CAUSE");
  board.plant.celsius = 80; // below the trip is not cool
  board.run(10);
  assert.equal(board.order(TYPE.resetFault), "REFUSED_CAUSE");
  assert.equal(board.order(TYPE.on), "REFUSED_FAULT");
  board.plant.celsius = 60;
  board.run(10);
  assert.equal(board.status().fault, "HOT");
  assert.equal(board.order(TYPE.resetFault), "DONE");
  assert.equal(board.status().state, "OFF");
  board.powerUp();
  board.done();
});

test("THERMTRIP# cuts all power", (t) => {
  const board = new Board().powerUp();
  board.plant.thermtrip = true;
  const took = board.timeToSafe(5);
  assert.ok(took < 3);
  board.plant.thermtrip = false; // a module without power lets go of it
  assert.equal(board.status().fault, "THERMTRIP");
  measured(t, `safe after ${round(took)} ms`);
  board.done();
});

for (const [what, code] of [["open", 4095], ["shorted", 0]])
  test(`a thermistor that is ${what} counts as hot`, (t) => {
    const board = new Board().powerUp();
    board.plant.ntcCode = code;
    const took = board.timeToSafe(LIMITS.SENSOR_DEBOUNCE + 5);
    const status = board.status();
    assert.deepEqual([status.fault, status.fan], ["SENSOR_LOST", 100]);
    measured(t, `safe after ${round(took)} ms`);
    board.done();
  });

test("the throttle comes at one temperature and goes at a lower one", (t) => {
  const board = new Board().powerUp();
  const throttleAt = (celsius) => {
    board.plant.celsius = celsius;
    board.run(10);
    return board.level(PINS.throttle);
  };
  const steps = [83, 86, 83, 81, 79, 83].map((celsius) => [celsius, throttleAt(celsius)]);
  assert.deepEqual(steps.map(([, level]) => level), [0, 1, 1, 1, 0, 0]);
  assert.equal(board.state(), "RUN");
  measured(t, steps.map(([celsius, level]) => `${celsius} C ${level ? "on" : "off"}`).join(", "));
  board.done();
});

test("an emergency stop by a frame cuts all power", (t) => {
  const board = new Board().powerUp();
  board.send(encode(TYPE.emergencyStop, 7));
  const took = board.timeToSafe(10);
  assert.equal(board.status().fault, "EMERGENCY_STOP");
  assert.equal(board.order(TYPE.emergencyStop), "ALREADY");
  measured(t, `safe after ${round(took)} ms, of which the frame takes 0.7 ms`);
  board.done();
});
