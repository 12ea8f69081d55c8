// What a browser fetches for the chat, packed as the server packs it: little before the first paint, and not much in all.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const web = fileURLToPath(new URL("../../../server/src/main/resources/io/solebox/server/web/", import.meta.url));
const lib = process.env.SOLEBOX_WEB_LIB ?? fileURLToPath(new URL("../../../server/target/web-libraries/io/solebox/server/web/lib", import.meta.url));
const isOurs = (name) => existsSync(web + name);
const read = (name) => readFileSync(isOurs(name) ? web + name : join(lib, name.replace(/^lib\//, "")));

/** As the server sends it: without comments on lines of their own, and styles without any and without spaces before lines. */
function sent(name) {
  if (isOurs(name) && name.endsWith(".css")) return read(name).toString().replace(/\/\*[^]*?\*\/|^ +/gm, "");
  if (!isOurs(name) || !name.endsWith(".js")) return read(name);
  return read(name).toString().replace(/^[ \t]*\/\*\*(?:(?!\*\/)[^])*\*\/[ \t]*$/gm, "").replace(/^[ \t]*\/\/.*$/gm, "");
}

const packed = (names) => names.reduce((sum, name) => sum + gzipSync(sent(name), { level: 9 }).length, 0);

/** Files that are imported from one on; `lazy`: also those that are fetched on need. */
function reached(from, lazy, seen = new Set()) {
  if (seen.has(from)) return seen;
  seen.add(from);
  const text = read(from).toString();
  const imports = lazy ? /(?:from|import\(|import) ?"(\.[^"]+)"/g : /(?:from|^import) ?"(\.[^"]+)"/gm;
  for (const [, path] of text.matchAll(imports)) reached(normalize(join(dirname(from), path)), lazy, seen);
  return seen;
}

const page = "chat/index.html";
const styles = [...read(page).toString().matchAll(/stylesheet" href="\{\{ui\}\}\/([^"]+)"/g)].map((found) => found[1]);

test("the first paint is within 25 KB", () => {
  const bytes = packed([page, ...styles]);
  assert.ok(bytes < 25_000, `${bytes}`);
});

test("all of the chat is within 200 KB: with code and formulas, without what is opened apart", () => {
  const all = [page, ...styles, ...reached("chat/preferred.js", false, reached("chat/main.js", false)), "chat/words/en.js", "base/words/en.js",
    "lib/highlightjs/highlight.min.js", "lib/katex/katex.min.js", "lib/katex/katex.min.css"];
  const bytes = packed(all);
  assert.ok(bytes < 200_000, `${bytes}`);
});

test("what is needed before somebody can write is within 80 KB", () => {
  const bytes = packed([page, ...styles, ...reached("chat/main.js", false)]);
  assert.ok(bytes < 80_000, `${bytes}`);
});
