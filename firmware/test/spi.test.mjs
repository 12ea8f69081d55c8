// The second link: SPI, where the host clocks and what it reads is shifted.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, TYPE, measured, round } from "./rig/board.mjs";
import { encode, findFrames, readStatus } from "./rig/frames.mjs";

const zeroes = (count) => new Array(count).fill(0);
const STATUS_FRAME = 46;

/** A request, and two frames' worth of zeroes to read its answer by. */
function ask(board, request) {
  const early = board.spi.transfer(board, request);
  board.run(2);
  return [...early, ...board.spi.transfer(board, zeroes(2 * STATUS_FRAME))];
}

test("with nothing to say, zeroes are read", () => {
  const board = new Board();
  assert.deepEqual(board.spi.transfer(board, zeroes(64)), zeroes(64));
  board.done();
});

test("an answer is found in two frames' worth, however it is shifted", (t) => {
  const board = new Board().powerUp();
  const shifts = [];
  for (const stale of [[], [9, 9, 9, 9], [0x53], [0xff, 0x00, 0x53, 0x53, 0xb0, 0xb0]]) {
    const read = ask(board, [...stale, ...encode(TYPE.getStatus, 5)]);
    const frames = findFrames(read);
    assert.equal(frames.length, 1, `behind ${stale}: ${read}`);
    assert.equal(readStatus(frames[0].payload).state, "RUN");
    shifts.push(frames[0].at - stale.length - 8);
  }
  measured(t, `answers begin ${shifts.join(", ")} bytes into the second transfer`);
  board.done();
});

test("a request may be spread over transfers, and an answer that is not read whole is read on", () => {
  const board = new Board();
  const request = encode(TYPE.getInfo, 77);
  board.spi.transfer(board, request.slice(0, 3));
  board.run(2);
  board.spi.transfer(board, request.slice(3));
  board.run(2);
  const read = [...board.spi.transfer(board, zeroes(20)), ...board.spi.transfer(board, zeroes(60))];
  assert.deepEqual(findFrames(read).map((frame) => frame.sequence), [77]);
  board.done();
});

test("an answer that nobody fetched gives way to the next", () => {
  const board = new Board();
  for (let sequence = 1; sequence <= 20; sequence++) {
    board.spi.transfer(board, encode(TYPE.getStatus, sequence));
    board.run(2);
  }
  const frames = findFrames(board.spi.transfer(board, zeroes(200)));
  assert.deepEqual(frames.map((frame) => frame.sequence), [20]);
  board.done();
});

test("orders by both links, and an emergency stop by this one", (t) => {
  const board = new Board();
  assert.deepEqual([...findFrames(ask(board, encode(TYPE.on, 1)))[0].payload], [TYPE.on, 0]);
  board.runTo("RUN");
  assert.equal(board.status().state, "RUN");
  const began = board.ms;
  board.spi.transfer(board, encode(TYPE.emergencyStop, 2));
  board.timeToSafe(5);
  assert.equal(board.status().fault, "EMERGENCY_STOP");
  measured(t, `safe ${round(board.last(2, 0) - began)} ms after the transfer began`);
  board.done();
});

test("a host that clocks without end, and fills both links, keeps the control from nothing", (t) => {
  const board = new Board().powerUp();
  const nearlyFrames = Array.from({ length: 50 }, (_, i) => (i % 2 ? 0xb0 : 0x53));
  board.send(Array.from({ length: 4000 }, (_, i) => (i % 2 ? 0xb0 : 0x53)));
  const until = board.ms + 150;
  while (board.ms < until) board.spi.transfer(board, nearlyFrames);
  board.plant.celsius = 96;
  const began = board.ms;
  while (!board.isSafe() && board.ms - began < 10) board.spi.transfer(board, nearlyFrames.slice(0, 4));
  const took = board.ms - began;
  assert.ok(took < 3, `${took} ms`);
  const { used, of } = board.stackUsed();
  assert.ok(used < of / 2);
  measured(t, `too hot: safe after ${round(took)} ms; the longest step took ${round(board.chip.busiestMs)} ms; ${used} of ${of} bytes of stack used`);
  board.toSend.length = 0;
  board.run(100);
  assert.ok(board.chip.busiestMs < 1.2, `${board.chip.busiestMs} ms`);
  assert.equal(board.status().fault, "HOT");
  board.done();
});
