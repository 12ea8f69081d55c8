// What is flashed: the second stage's checksum, the vectors, and the UF2 against the ELF.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Chip, bootChecksum } from "./rig/chip.mjs";
import { Board, image, measured, symbols } from "./rig/board.mjs";
import { POWER } from "./rig/pins.mjs";

const view = new DataView(image.buffer, image.byteOffset, image.byteLength);

test("the UF2 and the .bin hold what the ELF does", () => {
  const uf2 = readFileSync(new URL("../target/solebox-board.uf2", import.meta.url));
  const blocks = Math.ceil(image.length / 256);
  assert.equal(uf2.length, 512 * blocks);
  const held = new Uint8Array(256 * blocks);
  for (let i = 0; i < blocks; i++) {
    const [begin0, begin1, flags, at, size, number, count, family] = Array.from({ length: 8 }, (_, word) => uf2.readUInt32LE(512 * i + 4 * word));
    assert.deepEqual([begin0, begin1, flags, size, number, count, family], [0x0a324655, 0x9e5d5157, 0x2000, 256, i, blocks, 0xe48bff56]);
    assert.equal(uf2.readUInt32LE(512 * i + 508), 0x0ab16f30);
    assert.equal(at, 0x10000000 + 256 * i);
    held.set(uf2.subarray(512 * i + 32, 512 * i + 288), at - 0x10000000);
  }
  assert.deepEqual(held.subarray(0, image.length), image);
  assert.deepEqual(new Uint8Array(readFileSync(new URL("../target/solebox-board.bin", import.meta.url))), image);
});

test("the boot ROM takes the second stage, and not one with a bit changed", () => {
  assert.equal(bootChecksum(image.subarray(0, 252)), view.getUint32(252, true));
  // The check value of CRC-32/MPEG-2.
  assert.equal(bootChecksum(Buffer.from("123456789")), 0x0376e6e7);
});

test("whatever nobody expects leads to stop", () => {
  const thumb = (name) => symbols.get(name) | 1;
  const expected = new Map([[1, "reset_handler"], [16, "timer_irq"], [16 + 18, "spi_irq"]]);
  const board = new Board();
  const vectors = board.chip.mcu.core.VTOR;
  assert.equal(vectors, symbols.get("vectors"));
  assert.equal(board.chip.mcu.readUint32(vectors), symbols.get("stack_top"));
  for (let vector = 1; vector < 16 + 26; vector++) assert.equal(board.chip.mcu.readUint32(vectors + 4 * vector), thumb(expected.get(vector) ?? "stop"), `vector ${vector}`);
  assert.deepEqual([view.getUint32(256, true), view.getUint32(260, true)], [symbols.get("stack_top"), thumb("reset_handler")]);
});

test("a flash that fails after the start stops nothing", () => {
  const board = new Board();
  board.chip.mcu.flash.fill(0xff);
  board.powerUp();
  board.plant.celsius = 96;
  assert.ok(board.timeToSafe(5) < 3);
  assert.equal(board.status().fault, "HOT");
  board.done();
});

test("the outputs are driven low before anything else is done", (t) => {
  const chip = new Chip(image);
  const driven = () => POWER.every((pin) => (chip.mcu.sio.gpioOutputEnable >> pin) & 1 && chip.mcu.gpio[pin].functionSelect === 5);
  while (!driven() && chip.ms < 1) chip.runUntil(chip.ms + 0.0005, () => {});
  assert.ok(chip.ms < 0.05);
  assert.equal(chip.mcu.peripherals[0x40024].ctrl ?? 0, 0, "the crystal was started first");
  measured(t, `${Math.round(chip.ms * 1e4) / 10} us after the boot ROM, at 125 MHz`);
});
