// Answers that are held to a schema, as people ask for them with unmodified clients, of a running server
// (SOLEBOX_BASE_URL). Each client checks what it gets against the schema itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { ChatOllama } from '@langchain/ollama';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, NoObjectGeneratedError, Output, streamText } from 'ai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';

const model = 'guide';
const apiKey = 'any key will do on loopback';
const baseURL = process.env.SOLEBOX_BASE_URL;
const host = baseURL.replace(/\/v1$/, '');
const openai = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Which lamp is it?' }];

// With room for few answers only, so that a model that has learned none of this comes to an end.
const Lamp = z.object({
  room: z.enum(['hall', 'loft', 'cellar']),
  watts: z.number().int().min(1).max(60),
  lit: z.boolean(),
  states: z.array(z.enum(['on', 'off'])).max(3),
  note: z.union([z.enum(['new', 'old']), z.null()]),
});
// Without limits of numbers and lists, which clients for Anthropic only tell the model of.
const Spot = Lamp.pick({ room: true, lit: true, note: true });
const isLamp = (value) => assert.deepEqual(Lamp.parse(value), value);
const isSpot = (value) => assert.deepEqual(Spot.parse(value), value);

test('openai: chats that are parsed, whole and streamed', async () => {
  const body = { model, messages, seed: 1, response_format: zodResponseFormat(Lamp, 'lamp') };
  const whole = await openai.chat.completions.parse(body);
  isLamp(whole.choices[0].message.parsed);
  assert.equal(whole.choices[0].finish_reason, 'stop');
  const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
  isLamp(streamed.choices[0].message.parsed);
});

test('openai: responses that are parsed, whole and streamed', async () => {
  const body = { model, input: 'Which lamp is it?', text: { format: zodTextFormat(Lamp, 'lamp') } };
  isLamp((await openai.responses.parse(body)).output_parsed);
  isLamp((await openai.responses.stream(body).finalResponse()).output_parsed);
});

test('openai: any object, which ends as length where it is cut', async () => {
  const { choices } = await openai.chat.completions.create({
    model,
    messages,
    response_format: { type: 'json_object' },
    max_completion_tokens: 3,
  });
  assert.match(choices[0].message.content, /^\{/);
  assert.equal(choices[0].finish_reason, 'length');
});

test('openai: a schema that cannot be held is refused with its place', async () => {
  const schema = { type: 'object', properties: { all: { type: 'array', items: {}, uniqueItems: true } } };
  await assert.rejects(
    openai.chat.completions.create({
      model,
      messages,
      response_format: { type: 'json_schema', json_schema: { name: 'all', schema } },
    }),
    (error) =>
      error instanceof OpenAI.BadRequestError &&
      error.param === 'response_format.json_schema.schema' &&
      /#\/properties\/all\/uniqueItems/.test(error.message),
  );
});

test('anthropic: messages that are parsed', async () => {
  const anthropic = new Anthropic({ baseURL: host, apiKey, maxRetries: 0 });
  const answer = await anthropic.messages.parse({
    model,
    messages,
    max_tokens: 200,
    output_config: { format: zodOutputFormat(Spot) },
  });
  isSpot(answer.parsed_output);
});

test('ollama: a format', async () => {
  const ollama = new Ollama({ host });
  const format = z.toJSONSchema(Lamp);
  const chat = await ollama.chat({ model, messages, format });
  isLamp(JSON.parse(chat.message.content));
  const { response } = await ollama.generate({ model, prompt: 'Which lamp is it?', format });
  isLamp(JSON.parse(response));
});

test('LangChain: with structured output', async () => {
  const chat = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } });
  isLamp(await chat.withStructuredOutput(Lamp, { method: 'jsonSchema' }).invoke('Which lamp is it?'));
  const ollama = new ChatOllama({ model, baseUrl: host, maxRetries: 0 });
  isLamp(await ollama.withStructuredOutput(Lamp, { method: 'jsonSchema' }).invoke('Which lamp is it?'));
});

const provider = createOpenAI({ baseURL, apiKey });
const providers = {
  'chat completions': createOpenAICompatible({
    name: 'solebox',
    baseURL,
    apiKey,
    supportsStructuredOutputs: true,
  })(model),
  'chat completions of OpenAI’s own': provider.chat(model),
  responses: provider.responses(model),
  messages: createAnthropic({ baseURL, apiKey })(model),
};
// It knows Anthropic's own models by name, and would ask others for a call.
const providerOptions = { anthropic: { structuredOutputMode: 'outputFormat' } };
for (const [name, chosen] of Object.entries(providers)) {
  test(`AI SDK, ${name}: an object, whole and streamed`, async () => {
    const [schema, holds] = name === 'messages' ? [Spot, isSpot] : [Lamp, isLamp];
    const output = Output.object({ schema });
    const ask = { model: chosen, prompt: 'Which lamp is it?', output, providerOptions, maxRetries: 0 };
    holds((await generateText(ask)).output);
    holds(await streamText(ask).output);
  });
}

test('AI SDK: one that is cut is none', async () => {
  await assert.rejects(
    async () =>
      (
        await generateText({
          model: providers['chat completions'],
          prompt: 'Which lamp is it?',
          output: Output.object({ schema: Lamp }),
          maxOutputTokens: 3,
          maxRetries: 0,
        })
      ).output,
    NoObjectGeneratedError,
  );
});
