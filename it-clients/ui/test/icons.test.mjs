// The icons that pages name are there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../../server/src/main/resources/io/solebox/server/web/", import.meta.url));
const lib = process.env.SOLEBOX_WEB_LIB ?? fileURLToPath(new URL("../../../server/target/web-libraries/io/solebox/server/web/lib", import.meta.url));

test("each icon has its file", () => {
  const source = readFileSync(`${web}base/icons.js`, "utf8");
  const names = [...source.slice(source.indexOf("@typedef"), source.indexOf("IconName")).matchAll(/"([a-z0-9-]+)"/g)].map((found) => found[1]);
  assert.ok(names.length > 50);
  assert.deepEqual(names.filter((name) => !existsSync(`${lib}/lucide/${name}.svg`)), []);
});
