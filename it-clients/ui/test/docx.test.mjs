// The text of Word documents, out of archives as programs write them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { docxText, textOf, unzip } from "../../../server/src/main/resources/io/solebox/server/web/chat/composer/docx.js";
import { zip } from "./zip.mjs";

const P = (text) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const DOCUMENT = `<?xml version="1.0"?><w:document><w:body>${P("Title")}${P("A &amp; B &lt;c&gt;")}
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc>${P("a")}</w:tc><w:tc>${P("b")}</w:tc></w:tr><w:tr><w:tc>${P("1")}</w:tc><w:tc>${P("2")}</w:tc></w:tr></w:tbl>
<w:p><w:r><w:t>tab</w:t><w:tab/><w:t>stop</w:t><w:br/><w:t>next</w:t></w:r></w:p></w:body></w:document>`;

test("paragraphs, lists, tables, signs", () => {
  const lines = textOf(DOCUMENT).split("\n").map((line) => line.trim());
  assert.deepEqual(lines, ["Title", "A & B <c>", "- item", "| a | b |", "| 1 | 2 |", "tab\tstop", "next"]);
});

for (const packs of [true, false]) {
  test(`out of an archive, ${packs ? "packed" : "stored"}`, async () => {
    const archive = zip([["[Content_Types].xml", "<x/>", packs], ["word/document.xml", DOCUMENT, packs]]);
    assert.ok((await docxText(archive.buffer, "a.docx")).startsWith("Title\n"));
  });
}

test("what is no document is refused, wherever it ends", async () => {
  const archive = zip([["word/document.xml", DOCUMENT, true]]);
  assert.equal(await unzip(new Uint8Array(10), "word/document.xml"), undefined);
  for (const size of [0, 21, archive.length - 30]) {
    await assert.rejects(docxText(archive.slice(0, size).buffer, "a.docx"), { code: "unreadable_file" });
  }
  await assert.rejects(docxText(zip([["other.xml", "x", false]]).buffer, "a.docx"), { code: "unreadable_file" });
});
