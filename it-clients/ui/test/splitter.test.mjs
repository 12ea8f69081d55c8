// Blocks of a text that comes in pieces are those of the whole text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Marked } from "marked";
import { MATH } from "../../../server/src/main/resources/io/solebox/server/web/chat/text/math.js";
import { splitter } from "../../../server/src/main/resources/io/solebox/server/web/chat/text/splitter.js";

const marked = new Marked({ gfm: true, extensions: MATH });
const lex = (source) => marked.lexer(source);
const shape = (blocks) => blocks.filter((block) => block.type !== "space").map((block) => [block.type, block.raw.trim()]);

function inPieces(text, size) {
  const blocks = splitter(lex);
  const closed = [];
  for (let at = 0; at < text.length; at += size()) closed.push(...blocks.take(text.slice(at, at + (size.last ?? 1))).closed);
  closed.push(...blocks.end().closed);
  return closed;
}

function pieces(choose) {
  const size = () => size.last;
  size.last = choose;
  return size;
}

const TEXTS = {
  headings: "# One\n\nA paragraph\nof two lines.\n\nTitle\n=====\n\n## Two ##\ntext right behind\n",
  lists: "Before:\n- a\n- b\n  - c\n\n  still b\n- d\n\n1. one\n2. two\n10. ten\n\nAfter.\n\n* star\n* [x] done\n",
  looseOrdered: "1. first\n\n   more of it\n\n2. second\n\n3. third\n\nEnd.",
  table: "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |\n\nBehind the table.\n",
  code: "Look:\n\n```js\nconst a = `x`;\n\n// ``` no end\n```\n\n~~~\n```\ninside\n```\n~~~\nend\n\n    indented\n    code\n\nlast",
  unclosed: "text\n\n```python\nprint(1)\n\n\nprint(2)",
  math: "Before $x_1$ and $$y$$.\n\n$$\na = b \\\\\nc\n$$\n\n\\[ z \\]\n\nIt costs $5 or $10.\n",
  quotes: "> a\n> b\n\n> c\nlazy\n\n---\n\n***\n",
  html: "<div>\nraw\n</div>\n\nand <b>inline</b>.\n\n<!-- note -->\n\nend",
  returns: "a\r\n\r\nb\r\n- c\r\n- d\r\n",
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`${name}, in pieces of every size`, () => {
    const whole = shape(lex(text.replaceAll("\r", "")));
    for (const size of [1, 2, 3, 4, 5, 7, 11, 64, 10_000]) {
      assert.deepEqual(shape(inPieces(text, pieces(size))), whole, `pieces of ${size}`);
    }
  });
}

test("a long answer is closed as it goes", () => {
  const text = Object.values(TEXTS).filter((one) => !one.endsWith("print(2)")).join("\n\n").replaceAll("\r", "");
  assert.deepEqual(shape(inPieces(text, pieces(4))), shape(lex(text)));
  const blocks = splitter(lex);
  const step = blocks.take(text);
  assert.ok(step.closed.length > 20);
  assert.ok(step.open.length <= 2);
});

test("an open fence grows without being read again", () => {
  let lexed = 0;
  const blocks = splitter((source) => { lexed++; return lex(source); });
  blocks.take("```js\n");
  const before = lexed;
  for (let line = 0; line < 1000; line++) blocks.take(`line ${line}\n`);
  const step = blocks.take("last");
  assert.equal(lexed, before);
  assert.ok(step.open[0].text.endsWith("line 999\nlast"));
  assert.equal(step.open[0].open, true);
  assert.equal(blocks.take("\n```\n\nnext").closed[0].type, "code");
});

test("addresses behind their links are noticed", () => {
  const blocks = splitter(lex);
  blocks.take("See [it].\n\n[it]: https://example.org\n\nmore\n\nmore");
  assert.ok(blocks.references);
});
