// Vercel's AI SDK, unmodified: chats and vectors by the provider for servers that speak as OpenAI's does,
// responses and messages by OpenAI's and Anthropic's own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, embedMany, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { apiKey, baseURL, call, model, script, squares, thought } from './script.mjs';

const compatible = createOpenAICompatible({ name: 'solebox', baseURL, apiKey, includeUsage: true });
const openai = createOpenAI({ baseURL, apiKey });
const anthropic = createAnthropic({ baseURL, apiKey });
const openaiChats = 'chat completions of OpenAI’s own';
const providers = {
  'chat completions': compatible(model),
  [openaiChats]: openai.chat(model),
  responses: openai.responses(model),
  messages: anthropic(model),
};

/** What three tools of a small house keep: who turned on what. */
const house = () => {
  const lamps = [];
  return {
    lamps,
    tools: {
      lamp: tool({
        description: 'Turns a lamp on.',
        inputSchema: z.object({ room: z.string() }),
        execute: async ({ room }) => `${lamps.push(room)} on`,
      }),
      rooms: tool({
        description: 'Lists the rooms.',
        inputSchema: z.object({}),
        execute: async () => ['hall', 'loft'],
      }),
    },
  };
};
const evening = script(
  `${thought('Which rooms are there?')}I look.${call('rooms', {})}`,
  `${thought('Two.')}${call('lamp', { room: 'hall' })}\n${call('lamp', { room: 'loft' })}`,
  `${thought('Done.')}Both lamps are on.`,
);

// The SDK looks for the thoughts of responses in summaries, and knows OpenAI's thinking models by name.
const summaries = { openai: { reasoningSummary: 'auto', forceReasoning: true } };

for (const [name, provider] of Object.entries(providers)) {
  const common = { model: provider, maxRetries: 0, maxOutputTokens: 2000, providerOptions: summaries };

  test(`${name}: an answer`, async () => {
    const { text, finishReason, usage } = await generateText({
      ...common,
      system: 'Be brief.',
      prompt: `${script('It is noon.')} What time is it?`,
    });
    assert.equal(text, 'It is noon.');
    assert.equal(finishReason, 'stop');
    assert.ok(usage.inputTokens > 3 && usage.outputTokens > 3);
  });

  test(`${name}: a stream`, async () => {
    const { textStream, finishReason, usage } = streamText({
      ...common,
      prompt: script('It is noon, and the sun shines.'),
    });
    const pieces = [];
    for await (const piece of textStream) pieces.push(piece);
    assert.equal(pieces.join(''), 'It is noon, and the sun shines.');
    assert.ok(pieces.length > 2);
    assert.equal(await finishReason, 'stop');
    assert.ok((await usage).outputTokens > 3);
  });

  test(`${name}: an answer that is cut`, async () => {
    const { finishReason, usage } = await generateText({
      ...common,
      maxOutputTokens: 3,
      prompt: script('It is noon, and the sun shines.'),
    });
    assert.equal(finishReason, 'length');
    assert.equal(usage.outputTokens, 3);
  });

  test(`${name}: tools, in steps`, async () => {
    const { lamps, tools } = house();
    const { text, steps } = await generateText({
      ...common,
      tools,
      stopWhen: stepCountIs(5),
      prompt: `${evening} Turn all lamps on.`,
    });
    assert.deepEqual(lamps, ['hall', 'loft']);
    assert.equal(text, 'Both lamps are on.');
    assert.deepEqual(steps.map((step) => step.finishReason), ['tool-calls', 'tool-calls', 'stop']);
    assert.equal(steps[0].text, 'I look.');
    assert.equal(steps[1].toolCalls.length, 2);
  });

  test(`${name}: tools, in steps that are streamed`, async () => {
    const { lamps, tools } = house();
    const result = streamText({
      ...common,
      tools,
      stopWhen: stepCountIs(5),
      prompt: `${evening} Turn all lamps on.`,
    });
    const types = new Set();
    for await (const part of result.fullStream) {
      assert.notEqual(part.type, 'error', String(part.error));
      types.add(part.type);
    }
    assert.deepEqual(lamps, ['hall', 'loft']);
    assert.equal(await result.text, 'Both lamps are on.');
    const expected = ['text-delta', 'tool-input-delta', 'tool-call', 'tool-result'];
    // OpenAI's own chats show no reasoning, and its client looks for none.
    if (name !== openaiChats) expected.push('reasoning-delta');
    for (const type of expected)
      assert.ok(types.has(type), `${type}: ${[...types]}`);
  });

  test(`${name}: a tool that must be called`, async () => {
    const { tools } = house();
    const { toolCalls } = await generateText({
      ...common,
      tools,
      toolChoice: { type: 'tool', toolName: 'rooms' },
      prompt: script(call('rooms', {})),
    });
    assert.deepEqual(toolCalls.map((each) => each.toolName), ['rooms']);
  });

  test(`${name}: errors`, async () => {
    const unknown = { ...common, model: Object.create(provider, { modelId: { value: 'none' } }) };
    await assert.rejects(
      generateText({ ...unknown, prompt: 'Hello' }),
      (error) => APICallError.isInstance(error) && error.statusCode === 404 && /none/.test(error.message),
    );
  });

  test(`${name}: can be aborted`, async () => {
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(
      generateText({ ...common, prompt: 'Hello', abortSignal: controller.signal }),
      { name: 'AbortError' },
    );
  });
}

test('reasoning comes apart from the answer', async () => {
  for (const provider of [compatible(model), openai.responses(model), anthropic(model)]) {
    const { text, reasoningText } = await generateText({
      model: provider,
      maxRetries: 0,
      maxOutputTokens: 2000,
      providerOptions: summaries,
      prompt: script(`${thought('Let me see.')}It is noon.`),
    });
    assert.equal(text, 'It is noon.');
    assert.equal(reasoningText, 'Let me see.', provider.provider);
  }
});

test('what a response thought is known to the next, kept at the server or not', async () => {
  const tokens = [];
  for (const store of [true, false]) {
    const { tools } = house();
    const { steps } = await generateText({
      model: openai.responses(model),
      maxRetries: 0,
      tools,
      stopWhen: stepCountIs(5),
      providerOptions: {
        openai: { store, include: ['reasoning.encrypted_content'], forceReasoning: true },
      },
      prompt: `${evening} Turn all lamps on.`,
    });
    tokens.push(steps.map((step) => step.usage.inputTokens));
  }
  assert.equal(tokens[0].length, 3);
  assert.deepEqual(tokens[0], tokens[1]);
});

test('vectors', async () => {
  for (const embedding of [compatible.embeddingModel('vectors'), openai.embedding('vectors')]) {
    const { embeddings, usage } = await embedMany({ model: embedding, values: ['one', 'two'], maxRetries: 0 });
    assert.equal(embeddings.length, 2);
    assert.ok(usage.tokens > 1);
    const one = await embed({ model: embedding, value: 'one', maxRetries: 0 });
    assert.deepEqual(one.embedding, embeddings[0]);
    assert.ok(Math.abs(squares(one.embedding) - 1) < 1e-5);
  }
});
