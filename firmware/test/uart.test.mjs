// The first link: frames that are lost, cut, shifted, doubled, or no frames at all.
import assert from "node:assert/strict";
import test from "node:test";
import { Board, TYPE, measured, round } from "./rig/board.mjs";
import { encode, findFrames } from "./rig/frames.mjs";

const GARBAGE = [0xff, 0x00, 0x53, 0x53, 0xb0, 0xb0, 0x53, 0xb0, 1, 2, 3];

test("a frame is found between garbage", (t) => {
  const board = new Board();
  // What ends like the beginning of a long frame may be one, until the line has been quiet.
  for (const before of [[], [0x00], GARBAGE, [0x53], [0x53, 0xb0], [0x53, 0xb0, 1, 2, 3, 200]]) {
    const began = board.ms;
    const answer = board.ask(TYPE.getStatus, [], { before, after: [0x53] });
    assert.equal(answer?.type, TYPE.status, `behind ${before}`);
    measured(t, `behind ${before.length} bytes: answered after ${round(board.ms - began)} ms`);
    board.run(30);
  }
  board.done();
});

test("what is cut, changed or torn apart is not obeyed, and takes no whole frame with it", () => {
  const board = new Board();
  const order = encode(TYPE.on, 1);
  for (let length = 1; length < order.length; length++) {
    board.send(order.slice(0, length));
    assert.equal(board.status().state, "OFF", `${length} bytes of an order`);
    board.run(30);
  }
  for (let bit = 0; bit < 8 * order.length; bit++) {
    const changed = order.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    board.send(changed);
    board.run(1);
  }
  board.run(40);
  const status = board.status();
  assert.deepEqual([status.state, status.lastEvent], ["OFF", 1]);
  assert.ok(status.badFrames > 0);
  board.done();
});

test("requests in a row are all answered, in order", () => {
  const board = new Board();
  board.heard.length = 0;
  board.send([1, 2, 3].flatMap((sequence) => encode(TYPE.getInfo, sequence)));
  board.run(30);
  assert.deepEqual(findFrames(board.heard).map((frame) => [frame.type, frame.sequence]), [[TYPE.info, 1], [TYPE.info, 2], [TYPE.info, 3]]);
  board.done();
});

test("whole frames inside what turns out to be none are all answered", () => {
  const board = new Board();
  const inside = [...encode(TYPE.getInfo, 1), ...encode(TYPE.getInfo, 2)];
  board.send([0x53, 0xb0, 1, 2, 3, inside.length, ...inside, 0, 0]);
  board.run(12); // long before the line counts as quiet
  assert.deepEqual(findFrames(board.heard).map((frame) => frame.sequence), [1, 2]);
  // The emulator's receiver holds 32 bytes whatever is set; the chip's does with its FIFO enabled.
  assert.ok(board.chip.mcu.uart[0].fifosEnabled);
  board.done();
});

test("an order that comes twice is done once", () => {
  const board = new Board().powerUp();
  const events = board.events().length;
  assert.equal(board.ask(TYPE.cycle, [], { sequence: 200 }).payload[1], 0);
  assert.equal(board.ask(TYPE.cycle, [], { sequence: 200 }).payload[1], 0, "the same answer");
  board.runWhile(() => board.state() !== "RUN", 3000);
  assert.equal(board.ask(TYPE.cycle, [], { sequence: 200 }).payload[1], 0, "long after, it is another order");
  board.runTo("CYCLE");
  const states = board.events().slice(events).map((event) => event.to);
  assert.equal(states.filter((state) => state === "POWER_DOWN").length, 2);
  board.done();
});

test("what the board does not know is answered with why", () => {
  const board = new Board();
  const error = (...request) => {
    const answer = board.ask(...request);
    assert.equal(answer.type, TYPE.error);
    return [...answer.payload];
  };
  assert.deepEqual(error(TYPE.getStatus, [], { version: 2 }), [TYPE.getStatus, 1]);
  assert.deepEqual(error(0x7f), [0x7f, 2]);
  assert.deepEqual(error(TYPE.getEvents, [1]), [TYPE.getEvents, 3]);
  const info = board.ask(TYPE.getInfo);
  assert.equal(Buffer.from(info.payload.slice(8, 24)).toString("latin1").replace(/\0+$/, ""), "solebox-rp2040");
  board.done();
});

test("a line that echoes is no conversation", () => {
  const board = new Board();
  board.heard.length = 0;
  board.send(encode(TYPE.getStatus, 9));
  board.run(10);
  const answer = [...board.heard];
  board.send(answer);
  board.run(30);
  assert.deepEqual(board.heard, answer);
  board.done();
});

test("a line full of what looks like frames keeps the control from nothing", (t) => {
  const board = new Board().powerUp();
  board.send(Array.from({ length: 4000 }, (_, i) => (i % 2 ? 0xb0 : 0x53)));
  board.run(200);
  board.plant.celsius = 96;
  const took = board.timeToSafe(5);
  assert.ok(took < 3);
  assert.ok(board.chip.busiestMs < 1, `${board.chip.busiestMs} ms`);
  measured(t, `too hot: safe after ${round(took)} ms; the longest step took ${round(board.chip.busiestMs)} ms`);
  board.toSend.length = 0;
  board.run(50);
  assert.equal(board.status().fault, "HOT");
  board.done();
});
