// Reads the command line, prepares peer and models, measures row by row, reports.
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chart } from "./chart.mjs";
import { Failure, UsageFailure } from "./failure.mjs";
import { LlamaBench, LlamaServer } from "./llama-cpp.mjs";
import { NodeLlamaCpp } from "./node-llama-cpp.mjs";
import { HELP, parseOptions } from "./options.mjs";
import { stopAll, stopAllOnSignals } from "./processes.mjs";
import { Progress } from "./progress.mjs";
import { heading, table } from "./report.mjs";
import { Results } from "./results.mjs";
import { measureRow } from "./rows.mjs";
import { Solebox } from "./solebox.mjs";

const progress = new Progress();

/** Which peer each kind of test is held against; installs what is needed for it. */
async function choosePeers(options) {
  const { llamaBench, llamaBenchArgs, llamaServer, llamaServerArgs } = options;
  if (options.solebox !== undefined) {
    const other = new Solebox(options, options.solebox);
    progress.stage(`building ${other.name}, if it has changed`);
    await other.version();
    return () => other;
  }
  if (options.tests.some((test) => test.seconds !== undefined) && llamaServer === undefined) {
    throw new UsageFailure("cN@SECONDS needs a server to hold Solebox against", "Give --llama-server or --solebox.");
  }
  const own = {
    speed: llamaBench && new LlamaBench(llamaBench, llamaBenchArgs, options),
    clients: llamaServer && new LlamaServer(llamaServer, llamaServerArgs, options),
  };
  const role = (test) => (test.kind === "clients" ? "clients" : "speed");
  const node = new NodeLlamaCpp(options.scratch, options);
  if (options.tests.some((test) => own[role(test)] === undefined)) {
    await node.install(progress);
  }
  return (test) => own[role(test)] ?? node;
}

/** Brings the file into the page cache, so that both sides load it from there. */
async function readOnce(file) {
  for await (const _ of createReadStream(file, { highWaterMark: 1 << 22 })) {
    // Reading is all.
  }
}

async function measureAll(options, solebox, peerOf, results) {
  const models = options.shapes.flatMap((shape) => options.formats.map((format) => ({ shape, format })));
  const total = models.length * options.tests.length;
  let number = 0;
  for (const model of models) {
    model.file = join(options.scratch, `${model.shape}-${model.format}.gguf`);
    const missing = options.tests.filter((test) => !results.has(model, test));
    number += options.tests.length - missing.length;
    if (missing.length === 0) {
      continue;
    }
    progress.stage(`${model.shape} ${model.format}: making the model`);
    await solebox.synth(model.shape, model.format, model.file);
    await readOnce(model.file);
    for (const test of missing) {
      const title = `[${++number}/${total}] ${model.shape} ${model.format} ${test.name}`;
      progress.stage(title);
      const notify = (text) => progress.detail(`${title}: ${text}`);
      results.add(await measureRow({ peer: peerOf(test), solebox }, model, test, options, notify));
    }
  }
}

function report(options, version, rows) {
  progress.clear();
  const text = `${heading(options, version, rows)}\n\n${table(rows)}\n`;
  if (options.svg !== undefined) {
    writeFileSync(options.svg, chart(rows));
  }
  if (options.json) {
    process.stderr.write(text);
    process.stdout.write(JSON.stringify(rows, null, 1) + "\n");
  } else {
    process.stdout.write(text);
  }
}

async function main() {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  mkdirSync(options.scratch, { recursive: true });
  const results = new Results(options.resume);
  const peerOf = await choosePeers(options);
  const solebox = new Solebox(options);
  progress.stage("building Solebox, if it has changed");
  const version = await solebox.version();
  try {
    await measureAll(options, solebox, peerOf, results);
  } finally {
    // After an error, too: hours may lie in them.
    if (results.rows.length > 0) {
      report(options, version, results.rows);
    }
  }
}

stopAllOnSignals((signal) => {
  progress.clear();
  process.stderr.write(`bench/peers: ended by ${signal}; finished rows are kept only with --resume.\n`);
});
try {
  await main();
} catch (error) {
  await stopAll();
  progress.clear();
  if (!(error instanceof Failure)) {
    throw error;
  }
  process.stderr.write(`bench/peers: ${error.message}\n${error.remedy === "" ? "" : `  ${error.remedy}\n`}`);
  process.exitCode = error instanceof UsageFailure ? 2 : 1;
}
