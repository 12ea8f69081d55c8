import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageFailure } from "./failure.mjs";
import { parseTest } from "./tests.mjs";

export const HELP = `usage: bench/peers [options]

Measures Solebox and a peer in turn (A B A B) on the same synthetic models, and prints one table. The peer is
node-llama-cpp from npm, which carries a prebuilt llama.cpp, or your own build of llama.cpp or ik_llama.cpp.

what to measure
  --shapes 1b,7b,13b        model shapes (./solebox synth). Default: 1b
  --formats Q4_0,Q8_0,...   weight formats. Default: Q4_0,Q8_0,Q4_K_M,F16,BF16
  --tests pp512,tg128,c8    ppN: prefill of N tokens; tgN, tgN@DEPTH: decode of N tokens, after a context of DEPTH;
                            cN: N clients at once, 64 prompt and 64 generated tokens each; cN@SECONDS: N clients that ask one
                            short question after another, half of them streamed. Default: pp512,tg128,c8
  --repetitions N           measured runs of each side. Default: 3
  --retries N               how often its runs may be repeated while bandwidths differ by more than 15 %. Default: 2
  --threads N               threads of each side. Default: one per core

against what
  --llama-bench PATH        a llama-bench of yours, for ppN and tgN
  --llama-bench-args=ARGS   further arguments for it, as in --llama-bench-args="-fa 1 -rtr 1"
  --llama-server PATH       a llama-server of yours, for cN
  --llama-server-args=ARGS  further arguments for it
  --solebox CHECKOUT        another checkout of Solebox, to see what a change costs or brings

output
  --json                    print JSON on stdout; the table goes to stderr
  --svg FILE                also write a bar chart
  --resume FILE             keep finished rows in FILE, and do not measure again those that it has
  --scratch DIR             where the peer and the models are kept. Default: ~/.cache/solebox-bench

  --self-test               test this program itself, without network
  -h, --help

Solebox's kernels can be chosen with JAVA_TOOL_OPTIONS=-Dsolebox.cpu.kernels=... (docs/cpu-backend.md).
Reading the table: docs/benchmarks.md.
`;

const text = (fallback) => ({ type: "string", ...(fallback === undefined ? {} : { default: fallback }) });

const OPTIONS = {
  shapes: text("1b"),
  formats: text("Q4_0,Q8_0,Q4_K_M,F16,BF16"),
  tests: text("pp512,tg128,c8"),
  repetitions: text("3"),
  retries: text("2"),
  threads: text(),
  "llama-bench": text(),
  "llama-bench-args": text(""),
  "llama-server": text(),
  "llama-server-args": text(""),
  solebox: text(),
  json: { type: "boolean", default: false },
  svg: text(),
  resume: text(),
  scratch: text(),
  help: { type: "boolean", short: "h", default: false },
};

/** The command line as one object, checked. */
export function parseOptions(argv) {
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: false }));
  } catch (error) {
    throw new UsageFailure(error.message.split(". ")[0], "bench/peers --help lists the options.");
  }
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return {
    help: values.help,
    shapes: list(values.shapes, "--shapes"),
    formats: list(values.formats, "--formats").map((format) => format.toUpperCase()),
    tests: list(values.tests, "--tests").map(parseTest),
    repetitions: count(values.repetitions, "--repetitions", 1),
    retries: count(values.retries, "--retries", 0),
    threads: count(values.threads ?? String(availableParallelism()), "--threads", 1),
    llamaBench: path(values["llama-bench"]),
    llamaBenchArgs: words(values["llama-bench-args"]),
    llamaServer: path(values["llama-server"]),
    llamaServerArgs: words(values["llama-server-args"]),
    solebox: path(values.solebox),
    json: values.json,
    svg: path(values.svg),
    resume: path(values.resume),
    scratch: resolve(values.scratch ?? join(cache, "solebox-bench")),
  };
}

function list(value, option) {
  const items = value.split(",").map((item) => item.trim()).filter((item) => item !== "");
  if (items.length === 0) {
    throw new UsageFailure(`${option} names nothing`, "bench/peers --help lists what there is.");
  }
  return [...new Set(items)];
}

function count(value, option, least) {
  const n = Number(value);
  if (!Number.isInteger(n) || n < least) {
    throw new UsageFailure(`${option} is ${value}, but must be a whole number of at least ${least}`);
  }
  return n;
}

function path(value) {
  return value === undefined ? undefined : resolve(value);
}

function words(value) {
  return value.split(/\s+/).filter((word) => word !== "");
}
