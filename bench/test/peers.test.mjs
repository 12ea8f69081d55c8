// The whole program, on a model of two layers, against stand-ins for a peer: no network, no speed that means anything.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ends } from "./alive.mjs";
import { assertWellFormed } from "./xml.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const PEERS = join(HERE, "../peers");
const scratch = mkdtempSync(join(tmpdir(), "peers-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const SETTINGS = [
  "--shapes", "tiny", "--formats", "Q4_0", "--retries", "0", "--threads", "2", "--scratch", scratch,
  "--llama-bench", join(HERE, "fakes/llama-bench"), "--llama-server", join(HERE, "fakes/llama-server"),
];

function peers(args, env = {}) {
  return spawnSync(PEERS, args, { encoding: "utf8", timeout: 180_000, env: { ...process.env, ...env } });
}

test("table, JSON and chart of prefill, decode at depth and clients", () => {
  const svg = join(scratch, "chart.svg");
  const rows = join(scratch, "rows.json");
  const more = ["--tests", "pp16,tg4@8,c2", "--repetitions", "1", "--json", "--svg", svg, "--resume", rows];
  const { status, stdout, stderr } = peers([...SETTINGS, ...more]);
  assert.equal(status, 0, stderr);
  const measured = JSON.parse(stdout);
  assert.deepEqual(measured.map((row) => row.test), ["pp16", "tg4@8", "c2"]);
  for (const row of measured) {
    assert.deepEqual([row.model, row.format, row.threads], ["tiny", "Q4_0", 2]);
    for (const name of ["peer_median", "solebox_median", "ratio", "solebox_resident_bytes", "peer_resident_bytes"]) {
      assert.ok(row[name] > 0, `${row.test} ${name} is ${row[name]}`);
    }
    assert.ok(row.bandwidth_bytes_per_second.min > 1e8);
  }
  const [prefill, decode, clients] = measured;
  assert.equal(prefill.peer, "llama-bench fa4e (1)");
  assert.equal(clients.peer, "llama-server");
  assert.deepEqual([prefill.peer_median, prefill.bandwidth_share, clients.bandwidth_share], [123.5, null, null]);
  // Weights as small as these may come from a cache, faster than memory: the share is held to what it is made of.
  const read = decode.solebox_median * decode.decode_bytes_per_token;
  const { min, max } = decode.bandwidth_bytes_per_second;
  assert.ok(decode.bandwidth_share > (0.999 * read) / max && decode.bandwidth_share < (1.001 * read) / min, `${decode.bandwidth_share}`);
  assert.ok(prefill.solebox_load_seconds > 0);
  assert.match(stderr, /^\| tiny +\| Q4_0 +\| tg4@8 +\| .+ \| +\d+ % \| 124 \(124 to 124\) +\|/m);
  assertWellFormed(readFileSync(svg, "utf8"));
  // All rows are there, so nothing is measured, not even against a peer that fails.
  const again = peers([...SETTINGS, ...more.slice(0, 4), "--resume", rows], { FAKE_LLAMA_BENCH: "fail" });
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stdout, /c2/);
  assert.ok(!readdirSync(scratch).some((name) => name.endsWith(".part")));
});

test("another checkout is a peer, and clients can ask for a while", () => {
  const checkout = join(HERE, "../..");
  const other = join(scratch, "before");
  symlinkSync(checkout, other);
  const more = ["--tests", "tg4,c3@1", "--repetitions", "1", "--json", "--solebox", other];
  const { status, stdout, stderr } = peers([...SETTINGS, ...more]);
  assert.equal(status, 0, stderr);
  for (const row of JSON.parse(stdout)) {
    assert.equal(row.peer, "Solebox of before");
    assert.ok(row.peer_median > 0 && row.solebox_median > 0, row.test);
  }
});

test("a peer that fails is quoted", () => {
  const { status, stderr } = peers([...SETTINGS, "--tests", "pp16"], { FAKE_LLAMA_BENCH: "fail" });
  assert.equal(status, 1);
  assert.match(stderr, /llama-bench: ended with code 3\n\s+no such model/);
});

test("without Node.js or npm, it says what to install", () => {
  const path = join(scratch, "path");
  mkdirSync(path);
  const have = (name) => symlinkSync(execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), join(path, name));
  ["bash", "readlink"].forEach(have);
  const settings = ["--tests", "pp16", "--scratch", join(scratch, "empty")];
  assert.match(peers(settings, { PATH: path }).stderr, /needs Node\.js 20 or newer and found none/);
  have("node");
  const { status, stderr } = peers(settings, { PATH: path });
  assert.equal(status, 1);
  assert.match(stderr, /could not be installed: npm: there is no such program\n\s+Install npm/);
});

test("wrong usage is 2, help is 0", () => {
  assert.equal(peers(["--tests", "nonsense"]).status, 2);
  assert.match(peers(["--tests", "c2@1"]).stderr, /needs a server[^]+--solebox/);
  const help = peers(["--help"]);
  assert.equal(help.status, 0);
  assert.match(help.stdout, /--llama-server PATH/);
});

test("a termination leaves no process behind", async () => {
  const args = [...SETTINGS, "--tests", "pp16"];
  const child = spawn(PEERS, args, { env: { ...process.env, FAKE_LLAMA_BENCH: "hang" }, stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  let hanging;
  for (let wait = 0; hanging === undefined && wait < 300; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    [hanging] = childrenOf(child.pid).filter((pid) => commandLine(pid).includes("fakes/llama-bench"));
  }
  assert.notEqual(hanging, undefined);
  child.kill("SIGTERM");
  assert.equal(await ended, 143);
  assert.ok(await ends(hanging));
});

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter((child) => child !== "");
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
