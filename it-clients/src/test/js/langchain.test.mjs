// LangChain.js, unmodified: its chat models and vectors for OpenAI, Anthropic and Ollama.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { tool } from '@langchain/core/tools';
import { ChatOllama, Ollama, OllamaEmbeddings } from '@langchain/ollama';
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { apiKey, baseURL, call, host, model, script, squares, thought } from './script.mjs';

const common = { model, maxRetries: 0 };
const configuration = { baseURL };
const chats = {
  'chat completions': (more) => new ChatOpenAI({ ...common, apiKey, configuration, ...more }),
  responses: (more) =>
    new ChatOpenAI({ ...common, apiKey, configuration, useResponsesApi: true, ...more }),
  messages: (more) =>
    new ChatAnthropic({ ...common, apiKey, anthropicApiUrl: host, maxTokens: 2000, ...more }),
  'chats of Ollama': (more) => new ChatOllama({ ...common, baseUrl: host, ...more }),
};
const lamp = tool(async ({ room }) => `The ${room} is lit.`, {
  name: 'lamp',
  description: 'Turns a lamp on.',
  schema: z.object({ room: z.string() }),
});
const textOf = (message) =>
  typeof message.content === 'string'
    ? message.content
    : message.content.filter((part) => part.type === 'text').map((part) => part.text).join('');

for (const [name, chat] of Object.entries(chats)) {
  test(`${name}: an answer, in a chain`, async () => {
    const chain = ChatPromptTemplate.fromMessages([
      ['system', 'Be brief.'],
      ['human', '{script} What time is it in {place}?'],
    ])
      .pipe(chat())
      .pipe(new StringOutputParser());
    assert.equal(await chain.invoke({ script: script('Noon.'), place: 'Rome' }), 'Noon.');
  });

  test(`${name}: what it took`, async () => {
    const answer = await chat().invoke([new SystemMessage('Be brief.'), new HumanMessage(script('Noon.'))]);
    const { input_tokens, output_tokens, total_tokens } = answer.usage_metadata;
    assert.ok(input_tokens > 3 && output_tokens > 0);
    assert.equal(input_tokens + output_tokens, total_tokens);
  });

  test(`${name}: a stream`, async () => {
    let whole;
    let pieces = 0;
    for await (const piece of await chat().stream(script('It is noon, and the sun shines.'))) {
      whole = whole ? whole.concat(piece) : piece;
      pieces++;
    }
    assert.equal(textOf(whole), 'It is noon, and the sun shines.');
    assert.ok(pieces > 2);
    assert.ok(whole.usage_metadata.output_tokens > 3);
  });

  test(`${name}: several at once`, async () => {
    const answers = await chat().batch(['one', 'two', 'three'].map((text) => script(text)));
    assert.deepEqual(answers.map(textOf), ['one', 'two', 'three']);
  });

  for (const streamed of [false, true]) {
    test(`${name}: tools${streamed ? ', streamed' : ''}`, async () => {
      const bound = chat().bindTools([lamp]);
      const ask = async (messages) => {
        if (!streamed) return bound.invoke(messages);
        let whole;
        for await (const piece of await bound.stream(messages)) whole = whole ? whole.concat(piece) : piece;
        return whole;
      };
      const both = call('lamp', { room: 'hall' }) + '\n' + call('lamp', { room: 'loft' });
      const messages = [new HumanMessage(`${script(`I do.${both}`, 'Both are lit.')} Turn all lamps on.`)];
      const asked = await ask(messages);
      assert.deepEqual(asked.tool_calls.map(({ args }) => args.room), ['hall', 'loft']);
      assert.equal(textOf(asked), 'I do.');
      messages.push(asked);
      for (const each of asked.tool_calls) {
        const result = await lamp.invoke(each);
        assert.ok(result instanceof ToolMessage);
        messages.push(result);
      }
      assert.equal(textOf(await ask(messages)), 'Both are lit.');
    });
  }

  test(`${name}: errors`, async () => {
    await assert.rejects(chat({ model: 'none' }).invoke('Hello'), /none/);
  });
}

test('a tool that must be called', async () => {
  for (const name of ['chat completions', 'responses', 'messages']) {
    const bound = chats[name]().bindTools([lamp], { tool_choice: 'lamp' });
    const asked = await bound.invoke(script(call('lamp', { room: 'hall' })));
    assert.equal(asked.tool_calls[0].name, 'lamp', name);
  }
});

test('thoughts', async () => {
  const text = script(`${thought('Let me see.')}Noon.`);
  const message = await chats.messages({ thinking: { type: 'enabled', budget_tokens: 1024 } }).invoke(text);
  assert.equal(message.content.find((part) => part.type === 'thinking').thinking, 'Let me see.');
  assert.equal(textOf(message), 'Noon.');
  const ollama = await chats['chats of Ollama']({ think: true }).invoke(text);
  assert.equal(ollama.additional_kwargs.reasoning_content, 'Let me see.');
});

test('texts that are continued', async () => {
  const openai = new OpenAI({ ...common, model: 'guide', apiKey, configuration, maxTokens: 4, temperature: 0 });
  assert.ok((await openai.invoke('Solebox is')).length > 0);
  const ollama = new Ollama({ ...common, model: 'guide', baseUrl: host, numPredict: 4, temperature: 0 });
  assert.ok((await ollama.invoke('Solebox is')).length > 0);
});

test('vectors', async () => {
  const vectors = [
    new OpenAIEmbeddings({ model: 'vectors', maxRetries: 0, apiKey, configuration }),
    new OllamaEmbeddings({ model: 'vectors', maxRetries: 0, baseUrl: host }),
  ];
  for (const each of vectors) {
    const [one, two] = await each.embedDocuments(['one', 'two']);
    assert.equal(one.length, two.length);
    assert.ok(Math.abs(squares(one) - 1) < 1e-5);
    (await each.embedQuery('two')).forEach((x, i) => assert.ok(Math.abs(x - two[i]) < 1e-6));
  }
});
