// What the hardware page makes of what is measured.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trail, columns, hottest, missing, spark, value, watts } from "../../../server/src/main/resources/io/solebox/server/web/desk/hardware/readings.js";

/** @param {string} kind @param {string} id @param {Record<string, number | string>} values numbers, or why there is none */
const device = (kind, id, values) => ({
  kind, id, name: id,
  values: Object.fromEntries(Object.entries(values).map(([metric, of]) => [metric, typeof of === "string" ? { missing: of } : { value: of, age_ms: 5 }])),
});

/** @param {number} seconds @param {ReturnType<typeof device>[]} devices */
const snapshot = (seconds, ...devices) => ({ at: new Date(seconds * 1000).toISOString(), sources: [], devices });

test("a value, or why there is none", () => {
  const gpu = device("gpu", "a", { core_celsius: 61, fan_percent: "it has no fan" });
  assert.deepEqual([value(gpu, "core_celsius"), value(gpu, "fan_percent"), value(gpu, "volts")], [61, undefined, undefined]);
  assert.deepEqual([missing(gpu, "core_celsius"), missing(gpu, "fan_percent"), missing(gpu, "volts")], [undefined, "it has no fan", undefined]);
});

test("the hottest of all, with its own limit", () => {
  const hot = hottest(snapshot(1, device("gpu", "a", { core_celsius: 61, slowdown_celsius: 87, memory_celsius: 78, memory_max_celsius: 85 }), device("hwmon", "b", { celsius: 50 })));
  assert.deepEqual([hot?.device.id, hot?.metric, hot?.celsius, hot?.limit], ["a", "memory_celsius", 78, 85]);
  assert.equal(hottest(snapshot(1, device("gpu", "a", { core_celsius: "lost" }))), undefined);
});

test("watts are summed, but a plug has all behind it", () => {
  const gpu = device("gpu", "a", { power_watts: 200 });
  const cpu = device("cpu_power", "c", { power_watts: 60 });
  assert.deepEqual(watts(snapshot(1, gpu, cpu)), { sum: 260, wall: false });
  assert.deepEqual(watts(snapshot(1, gpu, cpu, device("plug", "p", { power_watts: 330 }))), { sum: 330, wall: true });
  assert.deepEqual(watts(snapshot(1, device("gpu", "a", { power_watts: "not told" }))), { sum: undefined, wall: false });
});

test("a trail forgets what is too long ago, and begins before one looked", () => {
  const trail = new Trail(10_000);
  for (const second of [0, 5, 11]) trail.add(snapshot(second, device("gpu", "a", { core_celsius: second })));
  trail.before("a", "core_celsius", [{ at: 2000, value: 2 }, { at: 6000, value: 99 }]);
  assert.deepEqual(trail.of("a", "core_celsius"), [{ at: 2000, value: 2 }, { at: 5000, value: 5 }, { at: 11_000, value: 11 }]);
  assert.deepEqual(trail.of("a", "volts"), []);
});

test("a line ends at the right, its limit lies at the top, and nothing makes none", () => {
  assert.deepEqual(spark([], 1000, 80), { path: "", limit: undefined });
  const line = spark([{ at: 0, value: 40 }, { at: 500, value: 60 }, { at: 1000, value: 80 }], 1000, 80);
  assert.deepEqual(line, { path: "M0.0 26.0 L50.0 14.0 L100.0 2.0", limit: 2 });
  assert.equal(spark([{ at: 0, value: 5 }], 1000, undefined).path, "M100.0 26.0");
});

test("series of different times are one table", () => {
  /** @param {string} id @param {[number, number, number][]} points */
  const series = (id, points) => ({ kind: "gpu", id, name: id, metric: "core_celsius", points });
  assert.deepEqual(columns([series("a", [[10, 1, 2], [30, 3, 4]]), series("b", [[20, 5, 6], [30, 7, 8]])]), [[10, 20, 30], [1, null, 3], [null, 5, 7]]);
});
