// The board's pins, read from the same table that the firmware is built from.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../rp2040/board.h", import.meta.url), "latin1");
const pin = (name) => Number(new RegExp(`PIN\\(${name}, (\\d+),`).exec(text)[1]);
const define = (name) => Number(new RegExp(`#define ${name} (\\d+)`).exec(text)[1]);

export const PINS = {
  enAux: pin("en_aux"), enCore: pin("en_core"), perst: pin("perst_n"), enModule: pin("en_module"), throttle: pin("throttle"), led: pin("led"),
  psuGood: pin("psu_good"), vrmGood: pin("vrm_good"), thermtrip: pin("thermtrip"), button: pin("button"),
  tach: [define("BOARD_TACH_0"), define("BOARD_TACH_1")], fan: define("BOARD_FAN"), spiSelect: define("BOARD_SPI_CSN"),
};

/** The enables and PERST#: all low is the safe state. */
export const POWER = [PINS.enAux, PINS.enCore, PINS.perst, PINS.enModule];

const limitsText = readFileSync(new URL("../../core/limits.h", import.meta.url), "latin1");
/** The board's constants by name, from limits.h. */
export const LIMITS = Object.fromEntries([...limitsText.matchAll(/LIMIT\((\w+), (-?\d+),/g)].map(([, name, value]) => [name, Number(value)]));
