// The host's heartbeat, and the power button.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, TYPE, measured, round } from "./rig/board.mjs";

test("a host that goes silent: throttle and full fans, then the safe state", (t) => {
  const board = new Board().powerUp();
  for (let i = 0; i < 3; i++) {
    assert.equal(board.heartbeat(500), "DONE");
    board.run(1000);
  }
  assert.equal(board.level(PINS.throttle), 0);
  assert.equal(board.heartbeat(), "DONE");
  const began = board.ms;
  board.runWhile(() => !board.level(PINS.throttle), LIMITS.HOST_LATE + 20);
  const late = board.ms - began;
  board.run(2);
  const status = board.status();
  assert.deepEqual([status.state, status.hostLate, status.fan], ["RUN", 1, 100]);
  board.timeToSafe(LIMITS.HOST_SILENT);
  const silent = board.ms - began;
  assert.ok(Math.abs(late - LIMITS.HOST_LATE) < 10 && Math.abs(silent - LIMITS.HOST_SILENT) < 10, `${late}, ${silent}`);
  assert.equal(board.status().fault, "HOST_SILENT");
  measured(t, `throttled after ${round(late)}, safe after ${round(silent)} ms`);
  board.done();
});

test("a host that says goodbye is not waited for", () => {
  const board = new Board().powerUp();
  assert.equal(board.heartbeat(), "DONE");
  assert.equal(board.status().hostExpected, 1);
  assert.equal(board.order(TYPE.goodbye), "DONE");
  board.run(LIMITS.HOST_SILENT + 500);
  assert.deepEqual([board.state(), board.level(PINS.throttle)], ["RUN", 0]);
  board.done();
});

test("what the host knows to be hot throttles, too", () => {
  const board = new Board().powerUp();
  assert.equal(board.heartbeat(860), "DONE");
  board.run(2);
  assert.equal(board.level(PINS.throttle), 1);
  assert.equal(board.measureFan().duty, 100);
  assert.equal(board.heartbeat(700), "DONE");
  board.run(2);
  assert.equal(board.level(PINS.throttle), 0);
  board.done();
});

test("a short press: on, and then the host is asked to stop", (t) => {
  const board = new Board();
  board.press(LIMITS.BUTTON_DEBOUNCE - 5);
  assert.equal(board.state(), "OFF", "a bounce is no press");
  board.press(100);
  board.runTo("RUN");
  board.press(100);
  const status = board.status();
  assert.deepEqual([status.state, status.stopAsked, status.perstReleased], ["STOPPING", 1, 1]);
  assert.equal(board.order(TYPE.off), "DONE");
  board.runTo("OFF");
  assert.deepEqual(board.events().map((event) => event.cause).filter((cause) => cause !== "DONE"), ["START", "BUTTON", "BUTTON", "ORDER"]);
  board.done();
});

test("a long press: off at once; and it resets a fault", (t) => {
  const board = new Board().powerUp();
  board.plant.button = true;
  const took = board.runWhile(() => board.level(PINS.perst) === 1, LIMITS.BUTTON_LONG + 200);
  board.plant.button = false;
  board.runTo("OFF");
  board.powerUp();
  assert.equal(board.order(TYPE.emergencyStop), "DONE");
  board.press(100);
  assert.equal(board.state(), "FAULT", "a short one does not");
  board.press(LIMITS.BUTTON_LONG + 100);
  assert.equal(board.state(), "OFF");
  measured(t, `PERST# asserted after ${Math.round(took)} ms`);
  board.done();
});

test("the light tells the state", (t) => {
  const board = new Board();
  const lights = (ms) => {
    const from = board.trace.length;
    board.run(ms);
    return board.trace.slice(from).filter((change) => change.pin === PINS.led && change.level === 1).length;
  };
  assert.deepEqual([lights(1000), board.level(PINS.led)], [0, 0]);
  board.powerUp();
  board.run(5);
  assert.deepEqual([lights(1000), board.level(PINS.led)], [0, 1]);
  assert.equal(board.order(TYPE.emergencyStop), "DONE"); // fault 18: one long, eight short, a pause
  board.run(1);
  const long = lights(1100 + 8 * 500 + 1400);
  assert.equal(long, 8);
  board.done();
});
