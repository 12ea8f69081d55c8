// docs/board.md and its diagram, against what is built.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { PINS, LIMITS } from "./rig/pins.mjs";
import { document, withTable } from "./tables.mjs";

const header = readFileSync(new URL("../rp2040/board.h", import.meta.url), "utf8");

test("the table of limits is that of limits.h", () => {
  const text = document();
  assert.equal(withTable(text), text, "node firmware/test/tables.mjs writes it anew");
  for (const name of Object.keys(LIMITS)) assert.ok(text.includes(`| \`${name}\` |`), name);
});

test("the table of pins and the diagram have the pins of board.h", () => {
  const rows = document().split("\n").filter((line) => /^\| [0-9]/.test(line));
  const drawn = readFileSync(new URL("../../docs/board-wiring.svg", import.meta.url), "utf8");
  const pins = [...header.matchAll(/PIN\((\w+), (\d+), (\d)/g)].map(([, name, pin, level]) => ({ name, pin, level }));
  assert.equal(pins.length, 10);
  for (const { name, pin, level } of pins) {
    const row = rows.find((line) => line.startsWith(`| ${pin} | \`${name}\``));
    assert.ok(row, `${name} is GPIO ${pin}`);
    assert.match(row, name === "perst_n" ? /low holds/ : level === "1" ? /\| high \|/ : /\| low \|/);
    assert.ok(drawn.includes(`>GPIO ${pin}<`), `GPIO ${pin} in the diagram`);
  }
  for (const pin of [PINS.fan, ...PINS.tach, PINS.spiSelect, 0, 1, 26, 27, 28, 29]) assert.ok(drawn.includes(`>GPIO ${pin}<`), `GPIO ${pin} in the diagram`);
});
