// Anthropic's own JavaScript client, unmodified, against a running server (SOLEBOX_BASE_URL).
import assert from 'node:assert/strict';
import test from 'node:test';
import Anthropic from '@anthropic-ai/sdk';

const model = 'guide';
const client = new Anthropic({
  baseURL: process.env.SOLEBOX_BASE_URL.replace(/\/v1$/, ''),
  apiKey: 'any key will do on loopback',
  maxRetries: 0,
  timeout: 60_000,
});
const ask = (content, more = {}) => ({
  model,
  max_tokens: 200,
  messages: [{ role: 'user', content }],
  ...more,
});

test('lists the model', async () => {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.deepEqual(ids, [model]);
  assert.equal((await client.models.retrieve(model)).type, 'model');
});

test('answers, with usage', async () => {
  const message = await client.messages.create(ask('What is Solebox?', { temperature: 0 }));
  assert.equal(message.type, 'message');
  assert.equal(message.role, 'assistant');
  assert.match(message.content[0].text, /Solebox/);
  assert.equal(message.stop_reason, 'end_turn');
  assert.ok(message.usage.output_tokens > 0);
  assert.match(message._request_id, /^req_/);
});

test('streams the same text', async () => {
  const whole = await client.messages.create(ask('What is Solebox?', { temperature: 0 }));
  const stream = await client.messages.create(
    ask('What is Solebox?', { temperature: 0, stream: true }),
  );
  let text = '';
  const types = new Set();
  for await (const event of stream) {
    types.add(event.type);
    if (event.type === 'content_block_delta') text += event.delta.text;
  }
  assert.equal(text, whole.content[0].text);
  for (const type of ['message_start', 'content_block_start', 'content_block_stop', 'message_delta', 'message_stop'])
    assert.ok(types.has(type), type);
});

test('the streaming helper assembles the message', async () => {
  const stream = client.messages.stream(ask('What is Solebox?', { temperature: 0 }));
  let heard = '';
  stream.on('text', (more) => (heard += more));
  const message = await stream.finalMessage();
  assert.equal(message.content[0].text, heard);
  assert.equal(message.stop_reason, 'end_turn');
  const { input_tokens, cache_read_input_tokens } = message.usage;
  const counted = await client.messages.countTokens({
    model,
    messages: [{ role: 'user', content: 'What is Solebox?' }],
  });
  assert.equal(input_tokens + cache_read_input_tokens, counted.input_tokens);
});

test('stops at a stop sequence and says which', async () => {
  const whole = (await client.messages.create(ask('What is Solebox?', { temperature: 0 }))).content[0].text;
  const stop = whole.split(' ')[3];
  const message = await client.messages.create(
    ask('What is Solebox?', { temperature: 0, stop_sequences: [stop] }),
  );
  assert.equal(message.content[0].text, whole.slice(0, whole.indexOf(stop)));
  assert.equal(message.stop_reason, 'stop_sequence');
  assert.equal(message.stop_sequence, stop);
});

test('max_tokens ends it', async () => {
  const message = await client.messages.create(ask('What is Solebox?', { max_tokens: 2 }));
  assert.equal(message.stop_reason, 'max_tokens');
  assert.equal(message.usage.output_tokens, 2);
});

test('can be aborted, and answers the next one', async () => {
  const stream = client.messages.stream(ask('What is Solebox?'));
  stream.on('error', () => {});
  await new Promise((resolve) => stream.once('streamEvent', resolve));
  stream.abort();
  await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  const message = await client.messages.create(ask('Hello'));
  assert.equal(message.type, 'message');
});

test('errors are the client’s own', async () => {
  await assert.rejects(
    client.messages.create({ ...ask('Hello'), model: 'no-such-model' }),
    (e) => e instanceof Anthropic.NotFoundError && e.type === 'not_found_error' && /^req_/.test(e.requestID),
  );
  await assert.rejects(
    client.messages.create(ask('word '.repeat(20_000))),
    (e) => e instanceof Anthropic.BadRequestError && e.errorCode === 'context_length_exceeded',
  );
  await assert.rejects(
    client.messages.create(
      ask([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }]),
    ),
    (e) => e instanceof Anthropic.BadRequestError && /Images/.test(e.message),
  );
});
