// One RP2040 with the program in its flash, entered as the boot ROM enters it, and begun anew when its watchdog bites.
//
// The emulator neither holds a block in reset nor needs a clock, and its watchdog resets whatever WDSEL says. The chip does, so
// that is modelled here: what the program would have forgotten is in `wrong`, with what the emulator itself does not like.
import { GPIOPinState, RP2040 } from "rp2040js";
// The package does not export it, and a clock must be set before the chip is built on it.
import { SimulationClock } from "../node_modules/rp2040js/dist/esm/clock/simulation-clock.js";

const NANOS_PER_CYCLE = 8; // 125 MHz
const SECOND_STAGE = 0x20041f00;
const RESETS = 0x4000c, PSM = 0x40010, CLOCKS = 0x40008, WATCHDOG = 0x40058;
const PSM_NEEDED = (1 << 15) | (1 << 14) | (1 << 3) | (1 << 2); // proc0, SIO, all that RESETS resets, clocks
const ALL_IN_RESET = 0x1ffffff;
/** Blocks by their place in memory: the bit that holds them in reset, and the clock register that they need. */
const BLOCKS = new Map([
  [0x40014, { name: "IO_BANK0", bit: 5 }], [0x4001c, { name: "PADS_BANK0", bit: 8 }],
  [0x40028, { name: "PLL_SYS", bit: 12 }], [0x4002c, { name: "PLL_USB", bit: 13 }],
  [0x40034, { name: "UART0", bit: 22, clock: "periCtrl" }], [0x4003c, { name: "SPI0", bit: 16, clock: "periCtrl" }],
  [0x4004c, { name: "ADC", bit: 0, clock: "adcCtrl" }], [0x40050, { name: "PWM", bit: 14 }], [0x40054, { name: "TIMER", bit: 21 }],
]);

/** CRC-32 as the boot ROM's: polynomial 0x04c11db7, neither reflected nor inverted. */
export function bootChecksum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

export class Chip {
  /**
   * startMicros: what the timer says when power comes, to get at its wraps. reason: what the watchdog says of the reset before. onBoot is
   * called with each fresh emulator.
   */
  constructor(image, { startMicros = 0, reason = 0, onBoot = () => {} } = {}) {
    this.image = image;
    this.onBoot = onBoot;
    this.wrong = [];
    this.resets = 0;
    this.watchers = new Set();
    this.levels = new Array(30).fill(0);
    this.busiestMs = 0; // the longest between two sleeps
    this.boot(startMicros, { reason, scratch: new Uint32Array(8), sram: noise(264 * 1024) });
  }

  /** Simulated milliseconds since power came. */
  get ms() {
    return this.baseMs + (this.mcu.clock.nanos - this.startNanos) / 1e6;
  }

  boot(startMicros, kept) {
    const clock = new SimulationClock();
    clock.nanosCounter = startMicros * 1000;
    this.baseMs = this.mcu ? this.ms : 0;
    this.startNanos = clock.nanos;
    const mcu = (this.mcu = new RP2040(clock));
    this.bitten = false;
    this.wokeAt = Infinity; // what comes before the first sleep is no work of the loop
    mcu.logger = { debug() {}, info() {}, warn: (name, text) => this.note(`${name}: ${text}`), error: (name, text) => this.note(`${name}: ${text}`) };
    mcu.flash.set(this.image);
    mcu.sram.set(kept.sram);
    this.watchdog = mcu.peripherals[WATCHDOG];
    this.watchdog.reason = kept.reason;
    this.watchdog.scratchData.set(kept.scratch);
    this.watchdog.onWatchdogTrigger = () => {
      this.bitten = true;
      this.watchdog.alarm.enable = false; // or the emulator rings it for ever
      this.watchdog.timer.enable = false;
    };
    this.gate(mcu);
    for (let pin = 0; pin < 30; pin++) {
      this.see(pin, 0); // with nothing driven, the pull-downs outside decide
      mcu.gpio[pin].addListener((state) => this.see(pin, state === GPIOPinState.High ? 1 : 0));
    }
    this.enterSecondStage(mcu);
    this.onBoot(mcu);
  }

  enterSecondStage(mcu) {
    const view = new DataView(this.image.buffer, this.image.byteOffset);
    if (bootChecksum(this.image.subarray(0, 252)) !== view.getUint32(252, true)) throw new Error("the second stage's checksum is wrong");
    mcu.sram.set(this.image.subarray(0, 256), SECOND_STAGE - 0x20000000);
    Object.assign(mcu.core, { SP: SECOND_STAGE, LR: 0, PC: SECOND_STAGE, VTOR: 0 });
  }

  /** Has blocks refuse what they would while in reset, or without their clock. */
  gate(mcu) {
    const resets = mcu.peripherals[RESETS], clocks = mcu.peripherals[CLOCKS];
    resets.reset = ALL_IN_RESET;
    Object.defineProperty(resets, "reset_done", { get: () => ALL_IN_RESET & ~resets.reset });
    for (const [base, block] of BLOCKS) {
      const peripheral = mcu.peripherals[base];
      const write = peripheral.writeUint32Atomic.bind(peripheral);
      peripheral.writeUint32Atomic = (offset, value, type) => {
        if (resets.reset & (1 << block.bit)) this.note(`${block.name} is written while in reset`);
        if (block.clock && !(clocks[block.clock] & (1 << 11))) this.note(`${block.name} is written without its clock`);
        write(offset, value, type);
      };
    }
  }

  note(text) {
    if (!this.wrong.includes(text)) this.wrong.push(text);
  }

  see(pin, level) {
    if (this.levels[pin] === level) return;
    this.levels[pin] = level;
    for (const watcher of this.watchers) watcher(pin, level, this.ms);
  }

  /** Runs until a time; each is called every 0.1 ms. */
  runUntil(ms, each) {
    for (let next = this.ms; next < ms; ) {
      each();
      next = Math.min(ms, next + 0.1);
      this.advance(next);
    }
  }

  advance(ms) {
    let { clock, core } = this.mcu;
    let end = this.startNanos + (ms - this.baseMs) * 1e6;
    while (clock.nanos < end) {
      if (!core.waiting) clock.tick(core.executeInstruction() * NANOS_PER_CYCLE);
      else {
        this.busiestMs = Math.max(this.busiestMs, (clock.nanos - this.wokeAt) / 1e6);
        clock.tick(clock.nextAlarm ? Math.min(clock.nanosToNextAlarm, end - clock.nanos) : end - clock.nanos);
        this.wokeAt = clock.nanos;
      }
      if (this.bitten) {
        this.resetByWatchdog();
        ({ clock, core } = this.mcu);
        end = this.startNanos + (ms - this.baseMs) * 1e6;
      }
    }
  }

  resetByWatchdog() {
    if ((this.mcu.peripherals[PSM].wdsel & PSM_NEEDED) !== PSM_NEEDED) this.note("the watchdog bites, and WDSEL lets it reset nothing");
    this.resets++;
    this.boot(0, { reason: this.watchdog.reason, scratch: this.watchdog.scratchData, sram: this.mcu.sram });
  }
}

/** What memory holds when power comes: anything, but the same each time. */
export function noise(length) {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = 1; i < length; i++) bytes[i] = (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 16;
  return bytes;
}
