// Every language has the words of every other, with the same places in them.
import assert from "node:assert/strict";
import { readdirSync, existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fill, LANGUAGES, pickLanguage } from "../../../server/src/main/resources/io/solebox/server/web/base/words.js";

const web = fileURLToPath(new URL("../../../server/src/main/resources/io/solebox/server/web/", import.meta.url));
const parts = readdirSync(web, { recursive: true }).filter((part) => existsSync(`${web}${part}/words/en.js`));
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

for (const part of parts) {
  test(`${part} says the same in each language`, async () => {
    const english = (await import(`${web}${part}/words/en.js`)).default;
    for (const language of Object.keys(LANGUAGES)) {
      const words = (await import(`${web}${part}/words/${language}.js`)).default;
      assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), language);
      for (const [key, text] of Object.entries(words)) {
        assert.deepEqual(places(text), places(english[key]), `${language} ${key}`);
      }
    }
  });
}

test("no text asks for a word that there is not", async () => {
  const known = new Set();
  for (const part of parts) Object.keys((await import(`${web}${part}/words/en.js`)).default).forEach((key) => known.add(key));
  const missing = [];
  for (const file of readdirSync(web, { recursive: true }).filter((name) => name.endsWith(".js") && !name.startsWith("lib/"))) {
    for (const [, key] of readFileSync(web + file, "utf8").matchAll(/\bsay\("([^"]+)"/g)) {
      if (!known.has(key) && !/words\/|server\.js|^(account|signin)\.js/.test(file) && file.includes("/")) missing.push(`${file}: ${key}`);
    }
  }
  assert.deepEqual(missing, []);
});

test("a choice goes before the browser's wishes, and these before English", () => {
  assert.equal(pickLanguage("zh", ["de"]), "zh");
  assert.equal(pickLanguage(null, ["fr-FR", "de-AT", "en"]), "de");
  assert.equal(pickLanguage("xx", []), "en");
});

test("places are filled, and what is not known stays", () => {
  assert.equal(fill("{n} of {all}", { n: 1234 }), "1,234 of {all}");
});
