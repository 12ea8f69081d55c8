// Ollama's own JavaScript client, unmodified, against a running server (SOLEBOX_BASE_URL).
import assert from 'node:assert/strict';
import test from 'node:test';
import { Ollama } from 'ollama';

const model = 'guide';
const client = new Ollama({ host: process.env.SOLEBOX_BASE_URL.replace(/\/v1$/, '') });
const messages = [{ role: 'user', content: 'What is Solebox?' }];
const options = { temperature: 0 };

test('lists and shows the model', async () => {
  const { models } = await client.list();
  assert.deepEqual(models.map((entry) => entry.name), ['guide:latest']);
  const shown = await client.show({ model });
  assert.ok(shown.capabilities.includes('completion'));
  assert.ok(shown.model_info['general.architecture'].length > 0);
  const running = await client.ps();
  assert.equal(running.models[0].model, 'guide:latest');
  assert.match((await client.version()).version, /^\d+\.\d+\.\d+$/);
});

test('chats, whole and streamed', async () => {
  const whole = await client.chat({ model: 'guide:latest', messages, options });
  assert.match(whole.message.content, /Solebox/);
  assert.equal(whole.done_reason, 'stop');
  assert.ok(whole.eval_count > 0 && whole.eval_duration > 0);
  let text = '';
  let last;
  for await (const part of await client.chat({ model, messages, options, stream: true })) {
    text += part.message.content;
    last = part;
  }
  assert.equal(text, whole.message.content);
  assert.equal(last.done, true);
  assert.equal(last.eval_count, whole.eval_count);
});

test('goes on with a text, and with an earlier answer', async () => {
  const first = await client.generate({ model, prompt: 'What is Solebox?', options });
  assert.match(first.response, /Solebox/);
  const second = await client.generate({ model, prompt: 'Why?', context: first.context, options });
  assert.ok(second.prompt_eval_count > first.context.length);
  const raw = await client.generate({ model, prompt: 'Solebox is', raw: true, options: { num_predict: 4 } });
  assert.equal(raw.done_reason, 'length');
  assert.equal(raw.eval_count, 4);
});

test('can be aborted, and answers the next one', async () => {
  const stream = await client.chat({ model, messages, stream: true });
  await assert.rejects(async () => {
    for await (const part of stream) {
      assert.equal(part.done, false);
      stream.abort();
    }
  }, { name: 'AbortError' });
  assert.ok((await client.chat({ model, messages, options })).message.content.length > 0);
});

test('makes a name of its own, and forgets it', async () => {
  await client.create({ model: 'brief', from: model, system: 'Be brief.', parameters: { num_predict: 3 } });
  const answer = await client.chat({ model: 'brief', messages });
  assert.equal(answer.eval_count, 3);
  await client.copy({ source: 'brief', destination: 'short' });
  assert.ok((await client.list()).models.some((entry) => entry.name === 'short:latest'));
  await client.delete({ model: 'brief' });
  await client.delete({ model: 'short' });
  await assert.rejects(client.chat({ model: 'brief', messages }), { status_code: 404 });
});

test('holds an answer to a schema', async () => {
  const properties = { fits: { type: 'boolean' }, size: { enum: ['small', 'large'] } };
  const format = { type: 'object', properties, required: ['fits', 'size'], additionalProperties: false };
  const answer = await client.chat({ model, messages, format, options: { temperature: 0, num_predict: 300 } });
  const said = JSON.parse(answer.message.content);
  assert.equal(typeof said.fits, 'boolean');
  assert.ok(['small', 'large'].includes(said.size));
});

test('says what it does not have', async () => {
  assert.equal((await client.pull({ model })).status, 'success');
  await assert.rejects(client.pull({ model: 'llama3.2' }), /fetches none/);
  const format = { type: 'array', items: { type: 'string' }, uniqueItems: true };
  await assert.rejects(client.chat({ model, messages, format }), /uniqueItems/);
  await assert.rejects(client.chat({ model, messages, options: { num_ctx: 1_000_000 } }), /num_ctx/);
  await assert.rejects(client.embed({ model, input: 'text' }), /made for answers/);
});
