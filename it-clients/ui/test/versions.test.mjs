// What pages run is of the version whose types they are checked with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const pom = readFileSync(new URL("../../../pom.xml", import.meta.url), "utf8");
const npm = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).dependencies;

const PROPERTIES = { "lit-html": "lit-html", marked: "marked", "highlight.js": "highlightjs", katex: "katex" };

for (const [name, property] of Object.entries(PROPERTIES)) {
  test(name, () => {
    assert.equal(npm[name], new RegExp(`<${property}\\.version>(.*)</`).exec(pom)?.[1]);
  });
}
