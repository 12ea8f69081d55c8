// Where a passage stands in a document, and on a page of a PDF.
import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf, original, piecesOf, place } from "../../../server/src/main/resources/io/solebox/server/web/knowledge/place.js";

const sections = [{ section: 0, text: "One two three." }, { section: 2, text: "Three four." }, { section: 3, text: "one two" }];

test("a section that was left out does not move those behind it", () => {
  assert.equal(indexOf(sections, 3), 2);
  assert.equal(indexOf(sections, 1), -1);
  assert.equal(indexOf([{ text: "a" }, { text: "b" }], 1), 1);
});

test("a passage is where the server says, or where the same words are, or nowhere", () => {
  assert.deepEqual(place(sections, { section: 2, from: 6, to: 10, text: "four" }), { at: 1, from: 6, to: 10 });
  assert.deepEqual(place(sections, { section: 2, from: 0, to: 3, text: "two" }), { at: 0, from: 4, to: 7 });
  assert.deepEqual(place(sections, { section: 9, from: 0, to: 3, text: "one two" }), { at: 2, from: 0, to: 7 });
  assert.equal(place(sections, { section: 0, from: 0, to: 4, text: "five" }), undefined);
  assert.equal(place(sections, { section: 0, from: 0, to: 0, text: "" }), undefined);
});

test("pieces of a page are found whatever spaces, hyphens and ligatures a reader has made of them", () => {
  const pieces = ["The ", "mem", "ory band-", "width is of", "fi", "cial", ".", ""];
  assert.deepEqual(piecesOf(pieces, "memory\nbandwidth"), [1, 4]);
  assert.deepEqual(piecesOf(pieces, "o\ufb03cial"), [3, 6]);
  assert.equal(piecesOf(pieces, "something else"), undefined);
  assert.equal(piecesOf([], "something"), undefined);
});

test("a passage that goes on on the next page is marked to the end of this one, and from its beginning on that", () => {
  const begins = "here it begins, and this is long enough to know it by";
  const ends = "and these words are enough to know where it comes to its end";
  assert.deepEqual(piecesOf(["before", begins], `${begins} ${ends}`), [1, 2]);
  assert.deepEqual(piecesOf([ends, "behind"], `${begins} ${ends}`), [0, 1]);
});

test("names are no paths", () => {
  assert.equal(original({ vector_store_id: "a/b", file_id: "c?", filename: "", section: 0, from: 0, to: 0, text: "" }), "/v1/vector_stores/a%2Fb/files/c%3F/original");
});
