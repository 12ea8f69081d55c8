import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chart } from "../lib/chart.mjs";
import { UsageFailure } from "../lib/failure.mjs";
import { parseOptions } from "../lib/options.mjs";
import { run, start, stopAll } from "../lib/processes.mjs";
import { table } from "../lib/report.mjs";
import { Results } from "../lib/results.mjs";
import { measureRow, steadiest } from "../lib/rows.mjs";
import { spread } from "../lib/statistics.mjs";
import { parseTest, randomIds } from "../lib/tests.mjs";
import { ends } from "./alive.mjs";
import { assertWellFormed } from "./xml.mjs";

const MODEL = { shape: "tiny", format: "Q4_0", file: "/nowhere" };

/** A side that answers with what it is given, in order, the last again and again. */
function side(name, speeds, bandwidths = [], more = {}) {
  const next = (values) => (values.length > 1 ? values.shift() : values[0]);
  return {
    name,
    ...more,
    measure: async () => ({ tokensPerSecond: next(speeds), residentBytes: 5e6, loadSeconds: 0.5, bytesPerToken: 1e6 }),
    bandwidth: async () => next(bandwidths),
  };
}

const rowOf = (peer, solebox, name = "tg8", retries = 0) =>
  measureRow({ peer, solebox }, MODEL, parseTest(name), { repetitions: 3, retries, threads: 2 }, () => {});

test("tests are named as llama-bench names them", () => {
  assert.deepEqual(parseTest("pp512"), { name: "pp512", kind: "prefill", tokens: 512, context: 514 });
  assert.equal(parseTest("tg64@4096").depth, 4096);
  assert.equal(parseTest("tg64").depth, 0);
  assert.equal(parseTest("c8").clients, 8);
  assert.equal(parseTest("c8").seconds, undefined);
  assert.deepEqual([parseTest("c8@30").clients, parseTest("c8@30").seconds], [8, 30]);
  for (const wrong of ["pp", "pp0", "tg-1", "pp8@4", "c8@0", "c8@", "xx4", ""]) {
    assert.throws(() => parseTest(wrong), UsageFailure, wrong);
  }
});

test("prompts are of ordinary ids", () => {
  assert.ok(randomIds(1000).every((id) => id >= 300 && id < 600));
});

test("wrong options are refused in words", () => {
  for (const wrong of [["--format", "Q8_0"], ["x"], ["--threads", "0"], ["--repetitions", "1.5"], ["--shapes", ","]]) {
    assert.throws(() => parseOptions(wrong), UsageFailure, wrong.join(" "));
  }
  const options = parseOptions(["--formats", "q8_0,q8_0,F16", "--tests", "pp8", "--llama-bench-args=-fa 1 "]);
  assert.deepEqual(options.formats, ["Q8_0", "F16"]);
  assert.deepEqual(options.llamaBenchArgs, ["-fa", "1"]);
});

test("median, least and greatest", () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.deepEqual(spread([4, 1]), { median: 2.5, min: 1, max: 4 });
});

test("a row has medians, their ratio, and the share of bandwidth", async () => {
  const row = await rowOf(side("peer", [10, 30, 20]), side("Solebox", [50, 60, 40], [100e6]));
  assert.equal(row.peer_median, 20);
  assert.equal(row.solebox_median, 50);
  assert.equal(row.ratio, 2.5);
  assert.equal(row.bandwidth_share, 0.5);
  assert.equal(row.peer_bandwidth_share, 0.2);
  assert.deepEqual([row.solebox_min, row.solebox_max, row.void, row.measured_repetitions], [40, 60, false, 3]);
});

test("runs during which the bandwidth changed are replaced", async () => {
  const row = await rowOf(side("peer", [1]), side("Solebox", [9, 9, 2], [100, 60, 100]), "tg8", 2);
  assert.deepEqual([row.void, row.measured_repetitions, row.repetitions, row.solebox_median], [false, 4, 3, 2]);
  const busy = Array.from({ length: 99 }, (_, i) => (i % 2 === 0 ? 100 : 60));
  const never = await rowOf(side("peer", [1]), side("Solebox", [9], busy), "tg8", 1);
  assert.deepEqual([never.void, never.measured_repetitions, never.repetitions], [true, 6, 3]);
});

test("the steadiest repetitions are found among two levels of bandwidth", () => {
  const all = [[30, 50, 50], [50, 51, 50], [31, 30, 31], [51, 49, 50], [32, 31, 31], [30, 30, 31]].map((bandwidths) => ({ bandwidths }));
  assert.deepEqual(new Set(steadiest(all, 2)), new Set([all[2], all[5]]));
  assert.deepEqual(new Set(steadiest(all, 3)), new Set([all[2], all[4], all[5]]));
});

test("what JavaScript costs the peer is said beside its decode, not its prefill", async () => {
  const rows = [];
  for (const name of ["tg8", "pp8"]) {
    rows.push(await rowOf(side("node", [10], [], { samplesInJavaScript: true }), side("Solebox", [50], [100]), name));
  }
  assert.deepEqual(rows.map((row) => row.peer_samples_in_javascript), [true, false]);
  assert.match(table(rows), /10\.0 \(10\.0 to 10\.0\) \*/);
  assert.match(table(rows), /runs JavaScript and a sampler for every token/);
});

test("the chart is well-formed whatever a peer is called", async () => {
  const row = await rowOf(side('<peer> & "co"', [10]), side("Solebox", [50], [100e6]));
  const svg = chart([row, { ...row, test: "pp8" }, { ...row, test: "c8", bandwidth_share: null, peer_bandwidth_share: null }]);
  assertWellFormed(svg);
  assert.match(svg, /50 % of bandwidth · 5\.00 x/);
});

test("finished rows survive", () => {
  const folder = mkdtempSync(join(tmpdir(), "peers-"));
  try {
    const file = join(folder, "rows.json");
    new Results(file).add({ model: "tiny", format: "Q4_0", test: "pp8" });
    const again = new Results(file);
    assert.ok(again.has(MODEL, parseTest("pp8")));
    assert.ok(!again.has(MODEL, parseTest("pp9")));
    assert.equal(JSON.parse(readFileSync(file, "utf8")).length, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a program that fails is quoted, and one that is missing is named", async () => {
  await assert.rejects(run("sh", ["-c", "echo why >&2; exit 3"]), /sh: ended with code 3\n\s+why/);
  await assert.rejects(run("/nowhere/at-all", []), /there is no such program/);
  await assert.rejects(run("sleep", ["60"], { limitMillis: 50 }), /took too long/);
});

test("what was started is ended with what it started", async () => {
  const program = start("sh", ["-c", "sleep 60 & echo $!; wait"]);
  while (!/\d+\n/.test(program.stdout)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await stopAll();
  assert.ok(await ends(Number(program.stdout)));
});
