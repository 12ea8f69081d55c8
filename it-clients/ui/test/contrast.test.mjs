// Text can be read on every ground (WCAG 2.2: 4.5), lamps and plots can be told (3), and both dark blocks say the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const tokens = new URL("../../../server/src/main/resources/io/solebox/server/web/base/tokens.css", import.meta.url);
const css = readFileSync(tokens, "utf8");

const names = block => Object.fromEntries(
  [...block.matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/g)]
    .map(([, name, l, c, h, a]) => [name, { l: +l, c: +c, h: +h, a: a ? +a : 1 }]));
const part = head => css.slice(css.indexOf("{", css.indexOf(head)) + 1).split(/\n {0,2}}/)[0];
const light = names(part(":root {"));
const system = names(part(':root:not([data-theme="light"])'));
const dark = names(part(':root[data-theme="dark"]'));

const linear = ({ l, c, h }) => {
  const a = c * Math.cos(h * Math.PI / 180), b = c * Math.sin(h * Math.PI / 180);
  const [x, y, z] = [l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b].map(v => v ** 3);
  return [4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z].map(v => Math.min(1, Math.max(0, v)));
};
const encode = v => v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
const decode = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const over = (top, ground) => linear(top).map((v, i) =>
  decode(encode(v) * top.a + encode(ground[i]) * (1 - top.a)));
const shine = rgb => 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
const ratio = (p, q) => { const [x, y] = [shine(p), shine(q)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };

/** @type {string[]} */
const found = [];

function check(theme, colours, front, back, least) {
  const [base, veil] = back.split("+");
  const ground = veil ? over(colours[veil], linear(colours[base])) : linear(colours[base]);
  const value = ratio(linear(colours[front]), ground);
  if (!(value >= least)) found.push(`${theme}: ${front} on ${back} has ${value.toFixed(2)}, needs ${least}`);
}

test("colours stand out", () => {
  for (const [theme, colours] of [["light", light], ["dark", { ...light, ...dark }]]) {
    for (const front of ["ink", "ink-soft", "ink-faint"])
      for (const back of ["ground", "surface", "raised", "tint"]) check(theme, colours, front, back, 4.5);
    for (const front of ["ink", "ink-soft"])
      for (const back of ["surface+press", "ground+press", "raised+press"]) check(theme, colours, front, back, 4.5);
    for (const name of ["good", "warn", "bad"]) {
      for (const back of ["ground", "raised", name + "-tint"]) check(theme, colours, name, back, 4.5);
      check(theme, colours, "ink-soft", name + "-tint", 4.5);
    }
    for (const back of ["ground", "raised", "accent-tint"]) check(theme, colours, "accent-ink", back, 4.5);
    check(theme, colours, "on-ink", "ink", 4.5);
    check(theme, colours, "on-accent", "accent", 4.5);
    for (const name of ["code-key", "code-text", "code-note"]) check(theme, colours, name, "surface", 4.5);
    for (const back of ["ground", "surface", "raised"]) check(theme, colours, "accent", back, 3);
    for (const name of ["series-1", "series-3", "series-4"]) check(theme, colours, name, "raised", 3);
  }
  assert.deepEqual(found, []);
});

test("dark is dark, whoever asks for it", () => {
  assert.deepEqual(system, dark);
});
