// A board to test: the firmware's ELF in a chip, what it controls, and a host at its links.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { Chip, noise } from "./chip.mjs";
import { readElf } from "./elf.mjs";
import { encode, findFrames, readEvents, readStatus, RESULTS, STATES, TYPE } from "./frames.mjs";
import { LIMITS, PINS, POWER } from "./pins.mjs";
import { Plant } from "./plant.mjs";
import { SpiMaster } from "./spi.mjs";

const elf = new URL("../../target/solebox-board.elf", import.meta.url);
export const { image, symbols } = readElf(readFileSync(process.env.SOLEBOX_BOARD_ELF ?? elf));

const STEP_MS = 0.1;
const BYTE_MS = 10 / 115.2; // start, 8 bits, stop

export class Board {
  constructor({ plant = {}, startMicros = 0, reason = 0, onBoot = () => {} } = {}) {
    this.onBoot = onBoot;
    this.plant = new Plant(plant);
    this.trace = [];
    this.heard = []; // bytes that the board sent by UART
    this.toSend = []; // bytes on their way to it, with the time of each
    this.sequence = 0;
    this.chip = new Chip(image, { startMicros, reason, onBoot: (mcu) => this.connect(mcu) });
    this.chip.watchers.add((pin, level, ms) => pin !== PINS.fan && this.trace.push({ pin, level, ms }));
    this.run(5);
  }

  connect(mcu) {
    this.spi = new SpiMaster(mcu, PINS.spiSelect);
    mcu.uart[0].onByte = (byte) => this.heard.push(byte);
    // The emulator says how fast it is when a divider is written, which is not yet the last.
    mcu.uart[0].onBaudRateChange = (rate) => (this.baud = rate);
    this.onBoot(mcu);
  }

  get ms() {
    return this.chip.ms;
  }

  run(ms) {
    this.runUntil(this.ms + ms);
  }

  runUntil(end) {
    this.chip.runUntil(end, () => {
      this.plant.step(this.chip, STEP_MS);
      while (this.toSend.length > 0 && this.toSend[0].ms <= this.ms) this.chip.mcu.uart[0].feedByte(this.toSend.shift().byte);
    });
  }

  /** Runs until something is so; returns how long that took. */
  runWhile(condition, most) {
    const began = this.ms;
    while (condition()) {
      assert.ok(this.ms - began < most, `it is not so after ${most} ms`);
      this.run(STEP_MS);
    }
    return this.ms - began;
  }

  level(pin) {
    return this.chip.levels[pin];
  }

  isSafe() {
    return POWER.every((pin) => this.level(pin) === 0);
  }

  /** When a pin last went to a level. */
  last(pin, level) {
    return this.trace.findLast((change) => change.pin === pin && change.level === level)?.ms;
  }

  /** From now on, and until all of the enables are low and PERST# is asserted; no enable may rise meanwhile. */
  timeToSafe(most) {
    const from = this.trace.length;
    const took = this.runWhile(() => !this.isSafe(), most);
    assert.ok(!this.trace.slice(from).some((change) => POWER.includes(change.pin) && change.level === 1), "an enable rose");
    return took;
  }

  // --- the UART ---------------------------------------------------------------------------------

  /** Puts bytes on the line; they take their time. */
  send(bytes) {
    let at = Math.max(this.ms, this.toSend.at(-1)?.ms ?? 0);
    for (const byte of bytes) this.toSend.push({ byte, ms: (at += BYTE_MS) });
  }

  /** Sends one request and waits for its answer; undefined where none comes. */
  ask(type, payload = [], { sequence = (this.sequence = (this.sequence + 1) & 0xff), version = 1, before = [], after = [] } = {}) {
    this.heard.length = 0;
    this.send([...before, ...encode(type, sequence, payload, version), ...after]);
    const answer = () => findFrames(this.heard).find((frame) => frame.sequence === sequence);
    const end = this.ms + 60 + this.toSend.length * BYTE_MS;
    while (!answer() && this.ms < end) this.run(0.5);
    return answer();
  }

  status() {
    const answer = this.ask(TYPE.getStatus);
    assert.equal(answer?.type, TYPE.status, "there is no answer with the status");
    return readStatus(answer.payload);
  }

  /** All events that are kept. */
  events() {
    const events = [];
    for (let from = 1; ; ) {
      const answer = this.ask(TYPE.getEvents, [from & 0xff, from >> 8, 0, 0]);
      assert.equal(answer?.type, TYPE.events, "there is no answer with the events");
      const some = readEvents(answer.payload);
      if (some.length === 0) return events;
      events.push(...some);
      from = some.at(-1).number + 1;
    }
  }

  /** Gives an order; returns the name of its result. */
  order(type, payload = []) {
    const answer = this.ask(type, payload);
    assert.equal(answer?.type, TYPE.ack, "the order is not acknowledged");
    assert.equal(answer.payload[0], type);
    return RESULTS[answer.payload[1]];
  }

  heartbeat(decidegrees = 0x7fff) {
    return this.order(TYPE.heartbeat, [decidegrees & 0xff, (decidegrees >> 8) & 0xff]);
  }

  // --- ways to a state ----------------------------------------------------------------------------

  press(ms) {
    this.plant.button = true;
    this.run(ms);
    this.plant.button = false;
    this.run(LIMITS.BUTTON_DEBOUNCE + 5);
  }

  /** Powers up until a state, without asking, which would take its time: by what is driven. */
  powerUp(state = "RUN") {
    assert.equal(this.order(TYPE.on), "DONE");
    this.runTo(state);
    return this;
  }

  runTo(state) {
    this.runWhile(() => this.state() !== state, 1000);
    this.run(STEP_MS); // what the state drives comes after it, in the same step
  }

  /** The state, out of the chip's memory: where a test must not wait for an answer. */
  state() {
    const at = symbols.get("control") - 0x20000000 + 12; // ctl_kept.state
    return STATES[this.chip.mcu.sram[at]];
  }

  /** What every test ends with. */
  done(resets = 0) {
    assert.deepEqual(this.chip.wrong, [], "the chip was used as it must not be");
    assert.equal(this.chip.resets, resets, "resets by the watchdog");
  }

  /** How much of the stack was used: what its memory held when power came is there no longer. */
  stackUsed() {
    const top = symbols.get("stack_top") - 0x20000000;
    const untouched = noise(top);
    let at = 0;
    while (at < top && this.chip.mcu.sram[at] === untouched[at]) at++;
    return { used: top - at, of: top };
  }

  /** The fans' duty and frequency, measured at the pin; a transistor inverts it. */
  measureFan(ms = 2) {
    const changes = [];
    const watcher = (pin, level, at) => pin === PINS.fan && changes.push({ level, at });
    const level = this.level(PINS.fan);
    this.chip.watchers.add(watcher);
    this.run(ms);
    this.chip.watchers.delete(watcher);
    if (changes.length === 0) return { duty: level ? 0 : 100, hertz: 0 };
    const rises = changes.filter((change) => change.level === 1);
    let low = 0;
    changes.forEach((change, i) => {
      if (change.level === 0 && i + 1 < changes.length && change.at >= rises[0].at && changes[i + 1].at <= rises.at(-1).at) low += changes[i + 1].at - change.at;
    });
    const span = rises.at(-1).at - rises[0].at;
    return { duty: (100 * low) / span, hertz: (1000 * (rises.length - 1)) / span };
  }
}

/** Prints what a case measured; scripts/firmware.sh passes it on. */
export function measured(test, text) {
  test.diagnostic(text);
}

export { LIMITS, PINS, POWER, TYPE };
export const round = (ms) => Math.round(ms * 10) / 10;
