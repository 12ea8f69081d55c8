// What plans say, in other languages than the planner's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, inWords } from "../../../server/src/main/resources/io/solebox/server/web/desk/plan/told.js";
import { addWords } from "../../../server/src/main/resources/io/solebox/server/web/base/words.js";

globalThis.document = /** @type {any} */ ({ documentElement: {} });
const { useLanguage } = await import("../../../server/src/main/resources/io/solebox/server/web/base/words.js");
await addWords({}, (language) => import(`../../../server/src/main/resources/io/solebox/server/web/desk/plan/words/${language}.js`));

const room = [{ text: "fits: 8.03 GB of 15.3 to 1,600 GB", key: "room.fits", values: [[{ text: "8.03 GB" }], [{ text: "15.3 to 1,600 GB" }]] }];

test("a text is said by its key, and figures are written as in the language", async () => {
  await useLanguage("de");
  assert.equal(inWords(room), "passt: 8,03 GB von 15,3 bis 1.600 GB");
  await useLanguage("en");
  assert.equal(inWords(room), "fits: 8.03 GB of 15.3 to 1,600 GB");
});

test("names and sources are as they are", async () => {
  await useLanguage("de");
  for (const name of ["cuda:0 Tesla V100 SXM2 16GB", "design notes 4.2", "580.95.05", "Q4_K_M"]) assert.equal(figure(name), name);
  assert.equal(inWords([{ text: "as it was said", key: "why.said", values: [] }, { text: "NVIDIA data sheet" }]), "wie angegeben NVIDIA data sheet");
});
