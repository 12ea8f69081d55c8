// The official JavaScript client with vector stores and file_search.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI, { toFile } from 'openai';

const client = new OpenAI({
  baseURL: process.env.SOLEBOX_BASE_URL,
  apiKey: 'any key will do on loopback',
  maxRetries: 0,
  timeout: 60_000,
});
const document = (name, text) => toFile(Buffer.from(text), name);

test('documents are added, found, asked and taken away', async () => {
  // What this stand-in is, its file does not say: it is known when it is loaded.
  await client.embeddings.create({ model: 'vectors', input: 'x' });
  const store = await client.vectorStores.create({
    name: 'Manuals',
    embedding_model: 'vectors',
    expires_after: { anchor: 'last_active_at', days: 7 },
  });
  assert.equal(store.object, 'vector_store');
  const batch = await client.vectorStores.fileBatches.uploadAndPoll(
    store.id,
    { files: [await document('pumps.md', '# Pumps\n\nThe pump starts at noon.\n'), await document('fans.txt', 'The fan never stops.')] },
    { pollIntervalMs: 20 },
  );
  assert.equal(batch.status, 'completed');
  assert.deepEqual(batch.file_counts, { in_progress: 0, completed: 2, failed: 0, cancelled: 0, total: 2 });

  const broken = await client.vectorStores.files.uploadAndPoll(store.id, await document('x.pdf', '%PDF-1.4 no'), {
    pollIntervalMs: 20,
  });
  assert.equal(broken.status, 'failed');
  assert.equal(broken.last_error.code, 'invalid_file');

  const found = await client.vectorStores.search(store.id, { query: 'When does the pump start?' });
  const names = [];
  for await (const result of found) {
    names.push(result.filename);
  }
  assert.equal(names[0], 'pumps.md');

  const files = [];
  for await (const file of client.vectorStores.files.list(store.id, { filter: 'completed' })) {
    files.push(file.id);
  }
  assert.equal(files.length, 2);
  await client.vectorStores.files.update(files[0], { vector_store_id: store.id, attributes: { kind: 'other' } });
  const texts = [];
  for await (const part of client.vectorStores.files.content(files[1], { vector_store_id: store.id })) {
    texts.push(part.text);
  }
  assert.match(texts.join(''), /pump|fan/);
  const filtered = await client.vectorStores.search(store.id, {
    query: 'pump',
    filters: { type: 'eq', key: 'kind', value: 'other' },
  });
  assert.equal(new Set(filtered.data.map((result) => result.file_id)).size, 1);

  const ask = {
    model: process.env.SOLEBOX_MODEL ?? 'scripted',
    input: 'When does the pump start?',
    tools: [{ type: 'file_search', vector_store_ids: [store.id], max_num_results: 3 }],
    include: ['file_search_call.results'],
  };
  const answer = await client.responses.create(ask);
  assert.equal(answer.output[0].type, 'file_search_call');
  assert.equal(answer.output[0].results[0].filename, 'pumps.md');
  assert.ok(answer.output.some((item) => item.type === 'message'));
  const events = [];
  for await (const event of await client.responses.create({ ...ask, stream: true })) {
    events.push(event.type);
  }
  assert.ok(events.includes('response.file_search_call.completed'));
  assert.equal(events.at(-1), 'response.completed');

  const gone = await client.vectorStores.files.delete(files[0], { vector_store_id: store.id });
  assert.equal(gone.deleted, true);
  assert.equal((await client.vectorStores.delete(store.id)).deleted, true);
  await assert.rejects(client.vectorStores.retrieve(store.id), { status: 404 });
});
