// Numbers in an answer that name its sources, and those that do not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lexer, Marked } from "../../../server/src/main/resources/io/solebox/server/web/lib/marked/marked.esm.js";
import { citing } from "../../../server/src/main/resources/io/solebox/server/web/chat/text/cite.js";

const source = (n) => ({ n, vector_store_id: "vs", file_id: `file_${n}`, filename: `${n}.md`, section: 0, from: 0, to: 1, text: "t" });
const read = (text) => new Lexer(new Marked({ gfm: true, extensions: [citing([source(1), source(2), source(12)])] }).defaults).lex(text);
const cited = (text) => read(text).flatMap((block) => block.tokens ?? []).filter((one) => one.type === "cite").map((one) => one.sources.map((its) => its.n));

for (const [text, expected] of [
  ["so it is [1].", [[1]]],
  ["so it is [1][2] and [12]", [[1], [2], [12]]],
  ["so it is [1, 2]", [[1, 2]]],
  ["[2] begins", [[2]]],
  ["nobody says [3], or [1, 3]", []],
  ["[1](http://there) is a link", []],
  ["`a[1]` is code", []],
  ["[0] [x] [1x] [ 1 ]", []],
  ["it is [1] there\n\n[1]: http://there", []],
]) test(`${JSON.stringify(text)} names ${JSON.stringify(expected)}`, () => assert.deepEqual(cited(text), expected));
