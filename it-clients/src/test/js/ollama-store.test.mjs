// Ollama's own JavaScript client, unmodified, against `solebox serve` with a store (SOLEBOX_BASE_URL)
// and a registry that has one model (SOLEBOX_REGISTRY).
import assert from 'node:assert/strict';
import test from 'node:test';
import { Ollama } from 'ollama';

const client = new Ollama({ host: process.env.SOLEBOX_BASE_URL.replace(/\/v1$/, '') });
const name = `${process.env.SOLEBOX_REGISTRY}/library/small`;
const names = async () => (await client.list()).models.map((entry) => entry.name);

test('pulls with progress', async () => {
  const parts = [];
  for await (const part of await client.pull({ model: name, insecure: true, stream: true })) {
    parts.push(part);
  }
  assert.equal(parts[0].status, 'pulling manifest');
  const last = parts.filter((part) => part.digest).at(-1);
  assert.match(last.status, /^pulling [0-9a-f]{12}$/);
  assert.equal(last.completed, last.total);
  const end = parts.slice(-3).map((part) => part.status);
  assert.deepEqual(end, ['verifying sha256 digest', 'writing manifest', 'success']);
  assert.ok((await names()).includes(`${name}:latest`));
});

test('runs what it has pulled, with what its makers set', async () => {
  const shown = await client.show({ model: name });
  assert.equal(shown.system, 'Be brief.');
  const answer = await client.generate({ model: name, prompt: 'What is Solebox?' });
  assert.equal(answer.eval_count, 3);
});

test('copies, creates, and forgets', async () => {
  await client.copy({ source: name, destination: 'mine' });
  const made = await client.create({ model: 'poet', from: 'mine', system: 'Rhyme.', parameters: { num_predict: 2 } });
  assert.equal(made.status, 'success');
  assert.equal((await client.show({ model: 'poet' })).system, 'Rhyme.');
  for (const each of ['mine', 'poet', name]) {
    await client.delete({ model: each });
  }
  assert.equal((await names()).length, 1);
  await assert.rejects(client.show({ model: 'poet' }), { status_code: 404 });
});

test('hears why something cannot be pulled', async () => {
  await assert.rejects(client.pull({ model: name.replace('small', 'none'), insecure: true }), { status_code: 404 });
  await assert.rejects(async () => {
    for await (const part of await client.pull({ model: name.replace('small', 'none'), insecure: true, stream: true })) {
      assert.equal(part.status, 'pulling manifest');
    }
  }, /none/);
  await assert.rejects(client.push({ model: 'guide' }), /sends no models/);
});
