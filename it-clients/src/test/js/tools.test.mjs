// The official JavaScript client with tools and vectors, against a server whose models follow a script.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: process.env.SOLEBOX_BASE_URL,
  apiKey: 'any key will do on loopback',
  maxRetries: 0,
  timeout: 60_000,
});
const tool = {
  type: 'function',
  function: {
    name: 'time',
    description: 'Tells the time.',
    parameters: { type: 'object', properties: { zone: { type: 'string' } } },
  },
};
const ask = (more = {}) => ({
  model: 'scripted',
  messages: [{ role: 'user', content: 'What time is it?' }],
  tools: [tool],
  ...more,
});
const called = (message) => {
  assert.equal(message.tool_calls.length, 1);
  assert.equal(message.tool_calls[0].function.name, 'time');
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { zone: 'UTC' });
};

test('calls a tool, and answers with its result', async () => {
  const asked = await client.chat.completions.create(ask());
  const message = asked.choices[0].message;
  assert.equal(asked.choices[0].finish_reason, 'tool_calls');
  assert.equal(message.content, null);
  called(message);
  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '12:00' };
  const answer = await client.chat.completions.create(
    ask({ messages: [...ask().messages, message, result] }),
  );
  assert.equal(answer.choices[0].message.content, 'It is 12:00.');
  assert.equal(answer.choices[0].finish_reason, 'stop');
});

test('the streaming helper assembles the call', async () => {
  const stream = client.chat.completions.stream(ask());
  const completion = await stream.finalChatCompletion();
  assert.equal(completion.choices[0].finish_reason, 'tool_calls');
  called(completion.choices[0].message);
});

test('the helper that runs tools goes all the way', async () => {
  const runner = client.chat.completions.runTools({
    ...ask(),
    tools: [
      {
        type: 'function',
        function: { ...tool.function, parse: JSON.parse, function: ({ zone }) => `12:00 ${zone}` },
      },
    ],
  });
  assert.equal(await runner.finalContent(), 'It is 12:00.');
});

test('a call can be asked for', async () => {
  for (const tool_choice of [
    'required',
    { type: 'function', function: { name: 'time' } },
    { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool] } },
  ]) {
    const answer = await client.chat.completions.create(ask({ tool_choice }));
    called(answer.choices[0].message);
  }
  const none = await client.chat.completions.create(ask({ tool_choice: 'none' }));
  assert.equal(none.choices[0].message.tool_calls, undefined);
});

test('vectors come as numbers and as bytes', async () => {
  // The client asks for bytes by itself, and unpacks them.
  const packed = await client.embeddings.create({ model: 'vectors', input: ['one', 'two'] });
  const plain = await client.embeddings.create({
    model: 'vectors',
    input: ['one', 'two'],
    encoding_format: 'float',
  });
  assert.equal(packed.data.length, 2);
  for (let i = 0; i < 2; i++) {
    const [a, b] = [packed.data[i].embedding, plain.data[i].embedding];
    assert.equal(a.length, b.length);
    a.forEach((x, j) => assert.ok(Math.abs(x - b[j]) < 1e-6));
    assert.ok(Math.abs(b.reduce((sum, x) => sum + x * x, 0) - 1) < 1e-5);
  }
});
