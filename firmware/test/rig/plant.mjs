// What the controller controls: a power supply, rails, a module, fans, a button. Its options are what a test breaks.
import { PINS } from "./pins.mjs";

const FULL_SCALE = 4095;
const toCode = (millivolts, divider) => Math.max(0, Math.min(FULL_SCALE, Math.round((millivolts / divider / 3300) * FULL_SCALE)));

/** A thermistor of 10 kOhm at 25 C, B 3950 K, to ground, with 10 kOhm to the reference. */
export function thermistorCode(celsius) {
  const ohms = 10000 * Math.exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15));
  return Math.round((ohms / (ohms + 10000)) * FULL_SCALE);
}

class Rail {
  constructor(nominal, riseMs, fallMs) {
    Object.assign(this, { millivolts: 0, nominal, riseMs, fallMs, ceiling: nominal, floor: 0 });
  }

  step(ms, enabled) {
    const rate = enabled ? this.nominal / this.riseMs : -this.nominal / this.fallMs;
    this.millivolts = Math.min(this.ceiling, Math.max(this.floor, this.millivolts + rate * ms));
  }
}

export class Plant {
  constructor(options = {}) {
    this.psuGood = true;
    this.millivolts12 = 12000;
    this.aux = new Rail(3300, 2, 5);
    this.core = new Rail(800, 1, 2);
    this.celsius = 45;
    this.thermtrip = false;
    this.button = false;
    this.rpm = [3000, 1200];
    this.turns = [0, 0];
    Object.assign(this, options);
  }

  /** One step of the world: what the chip drives, and then what it sees. */
  step(chip, ms) {
    this.aux.step(ms, chip.levels[PINS.enAux]);
    this.core.step(ms, chip.levels[PINS.enCore]);
    const adc = chip.mcu.adc.channelValues;
    adc[0] = toCode(this.millivolts12, 5);
    adc[1] = toCode(this.aux.millivolts, 2);
    adc[2] = toCode(this.core.millivolts, 1);
    adc[3] = typeof this.ntcCode === "number" ? this.ntcCode : thermistorCode(this.celsius);
    adc[4] = toCode(706 - 1.721 * (35 - 27), 1);
    this.drive(chip, PINS.psuGood, this.psuGood);
    this.drive(chip, PINS.vrmGood, this.core.millivolts > 0.9 * this.core.nominal && this.vrmGood !== false);
    this.drive(chip, PINS.thermtrip, !this.thermtrip);
    this.drive(chip, PINS.button, !this.button);
    this.rpm.forEach((rpm, fan) => {
      this.turns[fan] += (rpm / 60000) * ms;
      this.drive(chip, PINS.tach[fan], Math.floor(this.turns[fan] * 4) % 2 === 0); // two pulses per turn
    });
  }

  drive(chip, pin, level) {
    const input = chip.mcu.gpio[pin];
    if (input.rawInputValue !== level) input.setInputValue(level);
  }
}
