// The tables of bench/grammar/measure: node measure.mjs JAVA MODULES VOCABULARY.gguf[.gz]...
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { cases } from "./cases.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const names = Object.keys(cases);
const [java, modules, ...vocabularies] = process.argv.slice(2);

function run(command, arguments_) {
  return JSON.parse(execFileSync(command, arguments_, { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "inherit"] }));
}

function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return `${at(0.5)} / ${at(0.99)} / ${at(1)}`;
}

function measure(vocabulary, folder) {
  const raw = readFileSync(vocabulary);
  const model = join(folder, "vocabulary.gguf");
  writeFileSync(model, vocabulary.endsWith(".gz") ? gunzipSync(raw) : raw);
  const flags = ["--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"];
  const program = ["-cp", join(modules, "*"), join(here, "GrammarSpeed.java"), model, folder, ...names];
  const ours = run(java, [...flags, ...program]);
  const kind = readFileSync(join(folder, "vocabulary.json"), "utf8").includes("\u0120") ? "byte_level" : "byte_fallback";
  const theirs = run("node", [join(here, "xgrammar.mjs"), folder, kind, ...names]);
  for (const [who, found] of [["Solebox", ours], ["XGrammar", theirs]]) {
    for (const name of names) {
      const one = found[name];
      const columns = [name, who, (one.compile / 1000).toFixed(1), ...["first", "again", "many"].map((k) => quantiles(one[k]))];
      console.log(`| ${columns.join(" | ")} |`);
    }
  }
}

for (const vocabulary of vocabularies) {
  const folder = mkdtempSync(join(tmpdir(), "grammar-"));
  try {
    for (const [name, { schema, document }] of Object.entries(cases)) {
      writeFileSync(join(folder, `${name}.schema.json`), JSON.stringify(schema));
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
    }
    console.log(`\n${basename(vocabulary)}: compile in ms; then microseconds per token, median / 99 % / most\n`);
    console.log("| schema | | compile | first answer | next answer | 16 answers, each |\n|---|---|---|---|---|---|");
    measure(vocabulary, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
