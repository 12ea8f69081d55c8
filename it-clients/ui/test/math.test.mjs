// Dollars are mathematics by Pandoc's rule only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Marked } from "marked";
import { MATH } from "../../../server/src/main/resources/io/solebox/server/web/chat/text/math.js";

const marked = new Marked({ gfm: true, extensions: MATH });
const found = [];
function formulas(text) {
  found.length = 0;
  marked.walkTokens(marked.lexer(text), (token) => { if (/^math/.test(token.type)) found.push(token.text); });
  return found.slice();
}

for (const [text, expected] of [
  ["$x$", ["x"]],
  ["a $x+y$ b $z$", ["x+y", "z"]],
  ["$5 and $10", []],
  ["it costs $5, or $6 with milk", []],
  ["$ x $", []],
  ["$x $", []],
  ["20$ and 30$", []],
  ["$a$1", []],
  ["`$x$`", []],
  ["costs $5 and `$x`", []],
  ["```\n$x$\n```", []],
  ["\\$x\\$", []],
  ["$a\\$b$", ["a\\$b"]],
  ["$$x$$", ["x"]],
  ["$$\nx\n$$", ["x"]],
  ["\\(a\\) and \\[b\\]", ["a", "b"]],
  ["\\[\na\n\\]", ["a"]],
  ["$$\na\n\nb\n$$", []],
  ["text $$x$$ text", ["x"]],
  ["_$a_1$ and $b_2$_", ["a_1", "b_2"]],
]) {
  test(JSON.stringify(text), () => assert.deepEqual(formulas(text), expected));
}
