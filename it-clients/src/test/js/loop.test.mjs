// The loop of an agent over responses, with the official client: a sandbox with three tools, streamed answers with
// calls side by side, and what was said before sent again, or named.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'node:test';
import OpenAI from 'openai';
import { apiKey, baseURL, call, model, script, thought } from './script.mjs';

const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 60_000 });
const schema = (...names) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});
const tools = [
  { type: 'function', name: 'read_file', description: 'Reads.', parameters: schema('path'), strict: false },
  { type: 'function', name: 'run', description: 'Runs in sh.', parameters: schema('command'), strict: false },
  { type: 'custom', name: 'write_file', description: 'Writes: a line with the name, then the text.' },
];

/** What the tools do, in a folder that is deleted behind the test. */
function sandbox(t) {
  const folder = mkdtempSync(join(tmpdir(), 'solebox-loop-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const inside = (name) => join(folder, basename(name));
  writeFileSync(inside('notes.txt'), 'one two three\n');
  const act = {
    read_file: ({ path }) => readFileSync(inside(path), 'utf8'),
    run: ({ command }) => execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', timeout: 10_000 }),
    write_file(input) {
      const end = input.indexOf('\n');
      writeFileSync(inside(input.slice(0, end)), input.slice(end + 1));
      return 'written';
    },
  };
  return { act, inside };
}

/** One answer, streamed; its items as they were done. */
async function step(body) {
  const items = [];
  let last;
  for await (const event of await client.responses.create({ ...body, stream: true })) {
    if (event.type === 'response.output_item.done') items.push(event.item);
    last = event;
  }
  assert.equal(last.type, 'response.completed');
  assert.deepEqual(last.response.output, items);
  return last.response;
}

const results = (items, act) =>
  items.flatMap((item) => {
    if (item.type === 'function_call')
      return [
        { type: 'function_call_output', call_id: item.call_id, output: act[item.name](JSON.parse(item.arguments)) },
      ];
    if (item.type === 'custom_tool_call')
      return [{ type: 'custom_tool_call_output', call_id: item.call_id, output: act[item.name](item.input) }];
    return [];
  });

const ways = {
  'sends all again': { store: false, include: ['reasoning.encrypted_content'] },
  'names what came before': { store: true },
};
for (const [name, more] of Object.entries(ways)) {
  test(`an agent that ${name}`, async (t) => {
    const { act, inside } = sandbox(t);
    const body = { model, instructions: 'You count words.', tools, parallel_tool_calls: true, ...more };
    const turns = script(
      `${thought('I look.')}I read the notes.${call('read_file', { path: 'notes.txt' })}\n${call('run', { command: 'wc -w < notes.txt' })}`,
      `${thought('Three.')}${call('write_file', { input: 'count.txt\nthree "words"\n' })}`,
      'They have three words.',
    );
    let input = [{ role: 'user', content: `${turns} How many words do the notes have?` }];
    const history = [];
    let response;
    for (let steps = 0; steps < 5 && input.length > 0; steps++) {
      history.push(...input);
      const before = more.store
        ? { input, previous_response_id: response?.id }
        : { input: history };
      response = await step({ ...body, ...before });
      history.push(...response.output);
      input = results(response.output, act);
    }
    assert.equal(response.output.at(-1).content[0].text, 'They have three words.');
    assert.equal(readFileSync(inside('count.txt'), 'utf8'), 'three "words"\n');
    const types = history.map((item) => item.type ?? item.role);
    assert.deepEqual(types, [
      'user',
      'reasoning', 'message', 'function_call', 'function_call', 'function_call_output', 'function_call_output',
      'reasoning', 'custom_tool_call', 'custom_tool_call_output',
      'message',
    ]);
    assert.equal(history[5].output, 'one two three\n');
    assert.equal(history[6].output.trim(), '3');
    assert.equal(history[1].encrypted_content === undefined, more.store);
  });
}
