// The official JavaScript client, unmodified: responses, conversations, files and batches.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI, { toFile } from 'openai';

const model = 'guide';
const client = new OpenAI({
  baseURL: process.env.SOLEBOX_BASE_URL,
  apiKey: 'any key will do on loopback',
  maxRetries: 0,
  timeout: 60_000,
});
const question = { model, input: 'What is Solebox?', temperature: 0 };

test('a response', async () => {
  const response = await client.responses.create(question);
  assert.equal(response.object, 'response');
  assert.equal(response.status, 'completed');
  assert.match(response.output_text, /Solebox/);
  assert.equal(
    response.usage.input_tokens + response.usage.output_tokens,
    response.usage.total_tokens,
  );
  const again = await client.responses.retrieve(response.id);
  assert.equal(again.output_text, response.output_text);
});

test('a streamed response says the same', async () => {
  const whole = await client.responses.create(question);
  const stream = await client.responses.create({ ...question, stream: true });
  let text = '';
  let last;
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    last = event;
  }
  assert.equal(last.type, 'response.completed');
  assert.equal(text, whole.output_text);
});

test('the streaming helper assembles it', async () => {
  const final = await client.responses.stream(question).finalResponse();
  assert.match(final.output_text, /Solebox/);
});

test('one goes on with another', async () => {
  const first = await client.responses.create(question);
  const second = await client.responses.create({
    ...question,
    input: 'What is Solebox?',
    previous_response_id: first.id,
  });
  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  const items = [];
  for await (const item of client.responses.inputItems.list(second.id)) items.push(item);
  assert.equal(items.length, 1);
  await client.responses.delete(first.id);
  await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError);
});

test('in the background', async () => {
  let response = await client.responses.create({ ...question, background: true });
  while (response.status === 'queued' || response.status === 'in_progress') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    response = await client.responses.retrieve(response.id);
  }
  assert.equal(response.status, 'completed');
  const long = await client.responses.create({
    ...question,
    input: 'Count.',
    background: true,
  });
  const ended = await client.responses.cancel(long.id);
  assert.ok(['cancelled', 'completed'].includes(ended.status));
});

test('a conversation', async () => {
  const conversation = await client.conversations.create({ metadata: { topic: 'tea' } });
  await client.responses.create({ ...question, conversation: conversation.id });
  const items = [];
  for await (const item of client.conversations.items.list(conversation.id, { order: 'asc' })) {
    items.push(item);
  }
  assert.deepEqual(items.map((item) => item.role), ['user', 'assistant']);
  await client.conversations.update(conversation.id, { metadata: { topic: 'coffee' } });
  assert.equal((await client.conversations.retrieve(conversation.id)).metadata.topic, 'coffee');
  assert.equal((await client.conversations.delete(conversation.id)).deleted, true);
});

test('a batch, from its file to its answers', async () => {
  const line = (id, body) =>
    JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });
  const chat = { model, messages: [{ role: 'user', content: 'What is Solebox?' }], temperature: 0 };
  const lines = [line('good', chat), line('bad', { ...chat, model: 'none' })].join('\n');
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines), 'lines.jsonl'),
    purpose: 'batch',
  });
  let batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  while (!['completed', 'failed'].includes(batch.status)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    batch = await client.batches.retrieve(batch.id);
  }
  assert.deepEqual(batch.request_counts, { total: 2, completed: 1, failed: 1 });
  const answer = JSON.parse(await (await client.files.content(batch.output_file_id)).text());
  assert.equal(answer.custom_id, 'good');
  assert.match(answer.response.body.choices[0].message.content, /Solebox/);
  const error = JSON.parse(await (await client.files.content(batch.error_file_id)).text());
  assert.equal(error.response.status_code, 404);
  const names = [];
  for await (const each of client.files.list()) names.push(each.filename);
  assert.ok(names.includes('lines.jsonl'));
  assert.equal((await client.files.delete(file.id)).deleted, true);
});

test('errors are the client\'s own', async () => {
  await assert.rejects(
    client.responses.create({ ...question, tools: [{ type: 'web_search' }] }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'tools[0].type',
  );
});
