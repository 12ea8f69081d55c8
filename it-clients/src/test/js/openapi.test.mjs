// The document that describes the server (SOLEBOX_BASE_URL), held to the schemas of OpenAPI 3.1 itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';

const host = process.env.SOLEBOX_BASE_URL.replace(/\/v1$/, '');

test('the document is one of OpenAPI 3.1, with all references in it', async () => {
  const document = await (await fetch(`${host}/openapi.json`)).json();
  const validator = new Validator();
  const result = await validator.validate(document);
  assert.deepEqual(result.errors, undefined);
  assert.equal(result.valid, true);
  assert.equal(validator.version, '3.1');
  assert.ok(Object.keys(document.paths).length > 40);
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(document.components.schemas[name], name);
  }
});

test('a document that is none is told from it', async () => {
  const result = await new Validator().validate({ openapi: '3.1.0', info: {}, paths: {} });
  assert.equal(result.valid, false);
});
