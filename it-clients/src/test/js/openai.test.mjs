// The official JavaScript client, unmodified, against a running server (SOLEBOX_BASE_URL).
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const model = 'guide';
const client = new OpenAI({
  baseURL: process.env.SOLEBOX_BASE_URL,
  apiKey: 'any key will do on loopback',
  maxRetries: 0,
  timeout: 60_000,
});
const ask = (content, more = {}) => ({
  model,
  messages: [{ role: 'user', content }],
  temperature: 0,
  ...more,
});

test('lists the model', async () => {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.deepEqual(ids, [model]);
});

test('answers, with usage', async () => {
  const answer = await client.chat.completions.create(ask('What is Solebox?'));
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.choices[0].message.role, 'assistant');
  assert.match(answer.choices[0].message.content, /Solebox/);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
  assert.equal(prompt_tokens + completion_tokens, total_tokens);
});

test('shows what is left of limits, and the place in the queue', async () => {
  const { response } = await client.chat.completions.create(ask('What is Solebox?')).withResponse();
  assert.equal(response.headers.get('x-ratelimit-limit-requests'), '1000000');
  assert.ok(Number(response.headers.get('x-ratelimit-remaining-requests')) <= 1000000);
  assert.equal(response.headers.get('x-ratelimit-limit-tokens'), '1000000000');
  assert.match(response.headers.get('x-ratelimit-reset-tokens'), /^(\d+ms|[\d.]+s)$/);
  assert.match(response.headers.get('x-solebox-queue-position'), /^\d+$/);
});

test('streams the same text', async () => {
  const whole = await client.chat.completions.create(ask('What is Solebox?'));
  const stream = await client.chat.completions.create(
    ask('What is Solebox?', { stream: true, stream_options: { include_usage: true } }),
  );
  let text = '';
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage.total_tokens, whole.usage.total_tokens);
});

test('the streaming helper assembles the answer', async () => {
  const stream = client.chat.completions.stream(ask('What is Solebox?'));
  const completion = await stream.finalChatCompletion();
  assert.match(completion.choices[0].message.content, /Solebox/);
});

test('can be aborted, and answers the next one', async () => {
  const stream = await client.chat.completions.create(
    ask('What is Solebox?', { stream: true, max_tokens: 400 }),
  );
  for await (const chunk of stream) {
    assert.equal(chunk.object, 'chat.completion.chunk');
    stream.controller.abort();
    break;
  }
  const answer = await client.chat.completions.create(ask('Hello'));
  assert.ok(answer.choices[0].message.content.length > 0);
});

test('an aborted request that does not stream is given up, too', async () => {
  const controller = new AbortController();
  const request = client.chat.completions.create(ask('What is Solebox?', { max_tokens: 400 }), {
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 1);
  await assert.rejects(request, OpenAI.APIUserAbortError);
});

test('reports logprobs', async () => {
  const answer = await client.chat.completions.create(
    ask('Hello', { logprobs: true, top_logprobs: 2, max_tokens: 3 }),
  );
  const tokens = answer.choices[0].logprobs.content;
  assert.ok(tokens.length > 0);
  for (const token of tokens) {
    assert.equal(token.top_logprobs.length, 2);
    assert.deepEqual(Buffer.from(token.bytes).toString(), token.token);
    assert.ok(token.logprob <= 0);
  }
});

test('stops at a stop string and does not say it', async () => {
  const whole = (await client.chat.completions.create(ask('What is Solebox?'))).choices[0].message
    .content;
  const stop = whole.split(' ')[3];
  const answer = await client.chat.completions.create(ask('What is Solebox?', { stop: [stop] }));
  assert.equal(answer.choices[0].message.content, whole.slice(0, whole.indexOf(stop)));
  assert.equal(answer.choices[0].finish_reason, 'stop');
});

test('completes plain text', async () => {
  const answer = await client.completions.create({ model, prompt: 'Solebox is', max_tokens: 8 });
  assert.equal(answer.object, 'text_completion');
  assert.ok(answer.choices[0].text.length > 0);
});

test('errors are the client’s own', async () => {
  await assert.rejects(
    client.chat.completions.create({ ...ask('Hello'), model: 'no-such-model' }),
    (e) => e instanceof OpenAI.NotFoundError && e.code === 'model_not_found',
  );
  await assert.rejects(
    client.chat.completions.create(ask('word '.repeat(20_000))),
    (e) => e instanceof OpenAI.BadRequestError && e.code === 'context_length_exceeded',
  );
  await assert.rejects(
    client.chat.completions.create(ask('Hello', { temperature: 'hot' })),
    (e) => e instanceof OpenAI.BadRequestError && e.param === 'temperature',
  );
  await assert.rejects(
    client.chat.completions.create(ask('Hello', { tools: [{ type: 'function' }] })),
    (e) => e instanceof OpenAI.BadRequestError && e.param === 'tools[0].function',
  );
});
