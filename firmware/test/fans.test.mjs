// Fans: what they are told, what they tell, and when they stand.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, LIMITS, PINS, TYPE, measured, round } from "./rig/board.mjs";

test("the tachometers are read over the link", (t) => {
  const board = new Board({ plant: { rpm: [3000, 9990] } });
  board.run(2100);
  const { rpm } = board.status();
  assert.ok(Math.abs(rpm[0] - 3000) <= 60 && Math.abs(rpm[1] - 9990) <= 60, `${rpm}`);
  measured(t, `3000 and 9990 rpm read as ${rpm.join(" and ")}`);
  board.done();
});

test("the duty follows the curve, at 25 kHz", (t) => {
  const board = new Board({ plant: { celsius: 30 } });
  const told = [];
  for (const [celsius, duty] of [[30, 30], [40, 30], [60, 65], [70, 82.5], [80, 100], [90, 100]]) {
    board.plant.celsius = celsius;
    board.run(5);
    const fan = board.measureFan();
    assert.ok(Math.abs(fan.duty - duty) < 1.5, `${fan.duty} % at ${celsius} C`);
    if (duty < 100) assert.ok(Math.abs(fan.hertz - 25000) < 10, `${fan.hertz} Hz`);
    told.push(`${celsius} C ${round(fan.duty)} %`);
  }
  measured(t, told.join(", "));
  board.done();
});

test("the host may ask for more, and never for less", () => {
  const board = new Board({ plant: { celsius: 60 } });
  assert.equal(board.order(TYPE.fan, [70]), "DONE");
  board.run(5);
  assert.ok(Math.abs(board.measureFan().duty - 70) < 0.1);
  assert.equal(board.order(TYPE.fan, [0]), "DONE");
  board.run(5000); // it falls slowly
  assert.ok(Math.abs(board.measureFan().duty - 65) < 1.5, "the curve");
  assert.equal(board.order(TYPE.fan, [101]), "BAD_ARGUMENT");
  board.done();
});

test("a fan that stands throttles, and then cuts all power", (t) => {
  const board = new Board().powerUp();
  board.plant.rpm[1] = 0;
  const throttled = board.runWhile(() => !board.level(PINS.throttle), LIMITS.FAN_STILL_THROTTLE + 200);
  assert.equal(board.status().fan, 100);
  const cut = throttled + board.timeToSafe(LIMITS.FAN_STILL_TRIP);
  const event = board.events().at(-1);
  assert.deepEqual([event.fault, event.value], ["FAN_STILL", 2]);
  measured(t, `throttled after ${round(throttled)}, cut after ${Math.round(cut)} ms`);
  board.done();
});

test("noise on a tachometer's line keeps the loop from nothing", (t) => {
  const board = new Board().powerUp();
  const drive = board.plant.drive;
  board.plant.drive = (chip, pin, level) => {
    drive(chip, pin, level);
    if (pin === PINS.tach[0]) for (let i = 0; i < 40; i++) chip.mcu.gpio[pin].setInputValue(i % 2 === 0); // 200 kHz
  };
  board.run(100);
  board.plant.celsius = 96;
  const took = board.timeToSafe(5);
  assert.ok(took < 3);
  measured(t, `edges at 200 kHz, and too hot: safe after ${round(took)} ms`);
  board.done();
});
