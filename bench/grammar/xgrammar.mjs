// Holds documents to schemas with XGrammar: node xgrammar.mjs FOLDER VOCABULARY_KIND NAME...
// Prints a JSON object as GrammarSpeed does, times in microseconds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The package calls itself a module and is none, so it is not imported but read.
const library = fileURLToPath(import.meta.resolve("@mlc-ai/web-xgrammar"));
const loaded = { exports: {} };
new Function("module", "exports", "require", "__filename", "__dirname", readFileSync(library, "utf8"))(
  loaded,
  loaded.exports,
  createRequire(library),
  library,
  dirname(library),
);
const { GrammarCompiler, GrammarMatcher, TokenizerInfo } = loaded.exports;
const ROUNDS = 6;
const MANY = 16;
const [folder, kind, ...names] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), "utf8");
const micros = (begin) => (performance.now() - begin) * 1000;

async function follow(grammar, ids, answers, times) {
  const all = [];
  for (let i = 0; i < answers; i++) {
    all.push(await GrammarMatcher.createGrammarMatcher(grammar));
  }
  for (const id of ids) {
    const begin = performance.now();
    for (const one of all) {
      await one.getNextTokenBitmask();
      if (!one.acceptToken(id)) {
        throw new Error(`not allowed: ${id}`);
      }
    }
    times.push(micros(begin) / answers);
  }
  all.forEach((one) => one.dispose());
}

async function measure(info, schema, ids) {
  const compile = [];
  const found = { first: [], again: [], many: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const compiler = await GrammarCompiler.createGrammarCompiler(info);
    const begin = performance.now();
    const grammar = await compiler.compileJSONSchema(schema, true);
    compile.push(micros(begin));
    const counts = round >= ROUNDS / 3;
    await follow(grammar, ids, 1, counts ? found.first : []);
    await follow(grammar, ids, 1, counts ? found.again : []);
    await follow(grammar, ids, MANY, counts ? found.many : []);
    grammar.dispose();
    compiler.dispose();
  }
  const late = compile.slice(ROUNDS / 3).sort((a, b) => a - b);
  return { compile: late[Math.floor(late.length / 2)], ...found };
}

const begin = performance.now();
const info = await TokenizerInfo.createTokenizerInfo(JSON.parse(read("vocabulary.json")), kind, false);
const found = { vocabulary: micros(begin) };
for (const name of names) {
  found[name] = await measure(info, read(`${name}.schema.json`), JSON.parse(read(`${name}.ids.json`)));
}
console.log(JSON.stringify(found));
