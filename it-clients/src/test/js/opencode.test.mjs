// opencode, unmodified (agents.mjs).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { bounded, folders, opencode, run } from './agents.mjs';
import { apiKey, baseURL, call, model, script, thought } from './script.mjs';

for (const [name, npm] of Object.entries({
  'chat completions': '@ai-sdk/openai-compatible',
  responses: '@ai-sdk/openai',
  messages: '@ai-sdk/anthropic',
})) {
  test(`opencode: a session over ${name}`, bounded, async (t) => {
    const place = folders(t);
    const config = {
      model: `solebox/${model}`,
      small_model: `solebox/${model}`,
      autoupdate: false,
      share: 'disabled',
      permission: { edit: 'allow', bash: 'allow', webfetch: 'deny' },
      provider: {
        solebox: { npm, name: 'Solebox', options: { baseURL, apiKey }, models: { [model]: { name: model } } },
      },
    };
    const inWork = (file) => join(place.work, file);
    const events = await run(
      opencode,
      ['run', '--format', 'json'],
      place,
      `${script(
        `${thought('I look first.')}I read the notes.${call('read', { filePath: inWork('notes.txt') })}\n${call(
          'bash',
          { command: 'wc -w < notes.txt', description: 'Counts the words' },
        )}`,
        call('write', { filePath: inWork('count.txt'), content: 'three words' }),
        'They have three words.',
      )} How many words do the notes have?`,
      {
        OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
      },
    );
    const parts = (type) => events.filter((event) => event.type === type).map((event) => event.part);
    assert.deepEqual(parts('text').map((part) => part.text), ['I read the notes.', 'They have three words.']);
    const tools = parts('tool_use').map((part) => [part.tool, part.state.status]);
    assert.deepEqual(tools.sort(), [['bash', 'completed'], ['read', 'completed'], ['write', 'completed']]);
    assert.match(parts('tool_use').find((part) => part.tool === 'bash').state.output, /^3/);
    assert.equal(readFileSync(inWork('count.txt'), 'utf8'), 'three words');
    const finished = parts('step_finish');
    assert.deepEqual(finished.map((part) => part.reason), ['tool-calls', 'tool-calls', 'stop']);
    assert.ok(finished.every((part) => part.tokens.input > 3 && part.tokens.output > 0));
  });
}
