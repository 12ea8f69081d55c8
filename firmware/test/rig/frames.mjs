// The link as docs/board.md tells it, written without a look at the C side: frames, orders, answers.
import { readFileSync } from "node:fs";

const MAGIC = [0x53, 0xb0];
const VERSION = 1;
const HEADER = 6;

export const TYPE = {
  getInfo: 0x01, getStatus: 0x02, getEvents: 0x03, info: 0x81, status: 0x82, events: 0x83, ack: 0x90, error: 0x9f,
  heartbeat: 0x10, goodbye: 0x11, on: 0x12, off: 0x13, cycle: 0x14, resetFault: 0x15, emergencyStop: 0x16, fan: 0x17,
};
export const NO_TEMPERATURE = 0x7fff;

const header = readFileSync(new URL("../../core/ctl.h", import.meta.url), "latin1");
const names = (prefix) => [...header.matchAll(new RegExp(`^  ${prefix}_(\\w+),`, "gm"))].map(([, name]) => name).filter((name) => name !== "COUNT");
/** Names by number, from ctl.h. */
export const STATES = names("STATE"), FAULTS = names("FAULT"), CAUSES = names("CAUSE"), RESULTS = names("RESULT");

/** CRC-16/CCITT-FALSE. */
export function crc16(bytes) {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

export function encode(type, sequence, payload = [], version = VERSION) {
  const bytes = [...MAGIC, version, type, sequence, payload.length, ...payload];
  const crc = crc16(bytes);
  return [...bytes, crc & 0xff, crc >> 8];
}

/** All frames in bytes whose CRC is right, wherever they begin. */
export function findFrames(bytes) {
  const found = [];
  for (let at = 0; at + HEADER + 2 <= bytes.length; ) {
    const length = bytes[at + 5];
    const end = at + HEADER + length;
    const whole = bytes[at] === MAGIC[0] && bytes[at + 1] === MAGIC[1] && end + 2 <= bytes.length;
    if (whole && crc16(bytes.slice(at, end)) === (bytes[end] | (bytes[end + 1] << 8))) {
      found.push({ at, version: bytes[at + 2], type: bytes[at + 3], sequence: bytes[at + 4], payload: Uint8Array.from(bytes.slice(at + HEADER, end)) });
      at = end + 2;
    } else at++;
  }
  return found;
}

const viewOf = (payload) => new DataView(payload.buffer, payload.byteOffset, payload.byteLength);

export function readStatus(payload) {
  const view = viewOf(payload);
  const flags = view.getUint16(2, true);
  const flag = (bit) => (flags >> bit) & 1;
  return {
    state: STATES[payload[0]], fault: FAULTS[payload[1]],
    enAux: flag(0), enCore: flag(1), enModule: flag(2), perstReleased: flag(3), throttle: flag(4), psuGood: flag(5), vrmGood: flag(6),
    thermtrip: flag(7), button: flag(8), hostExpected: flag(9), hostLate: flag(10), stopAsked: flag(11),
    mv12: view.getUint16(4, true), mvAux: view.getUint16(6, true), mvCore: view.getUint16(8, true),
    ntc: view.getInt16(10, true) / 10, mcu: view.getInt16(12, true) / 10, fan: payload[16], leastFan: payload[17],
    rpm: [view.getUint16(18, true), view.getUint16(20, true)], uptimeMs: view.getUint32(22, true) * 1000 + view.getUint16(26, true),
    lastEvent: view.getUint32(30, true), badFrames: view.getUint16(34, true), boot: payload[36],
  };
}

export function readEvents(payload) {
  const view = viewOf(payload);
  return Array.from({ length: payload.length / 16 }, (_, i) => i * 16).map((at) => ({
    number: view.getUint32(at, true), atMs: view.getUint32(at + 4, true) * 1000 + view.getUint16(at + 8, true), boot: payload[at + 10],
    fault: FAULTS[payload[at + 11]], from: STATES[payload[at + 12] >> 4], to: STATES[payload[at + 12] & 15], cause: CAUSES[payload[at + 13]],
    value: view.getInt16(at + 14, true),
  }));
}
