// Codex, unmodified (agents.mjs).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { bounded, codex, folders, run } from './agents.mjs';
import { baseURL, call, model, script, thought } from './script.mjs';

/** What its events say. */
function told(events) {
  const items = events.filter((event) => event.type === 'item.completed').map((event) => event.item);
  return {
    texts: items.filter((item) => item.type === 'agent_message').map((item) => item.text),
    thoughts: items.filter((item) => item.type === 'reasoning').map((item) => item.text),
    commands: items.filter((item) => item.type === 'command_execution'),
    thread: events.find((event) => event.type === 'thread.started').thread_id,
    usage: events.find((event) => event.type === 'turn.completed')?.usage,
  };
}

test('codex: a session over responses, and one that goes on with it', bounded, async (t) => {
  const place = folders(t);
  const settings = {
    model: `"${model}"`,
    model_provider: '"solebox"',
    'model_providers.solebox': `{name="Solebox", base_url="${baseURL}", wire_api="responses"}`,
    approval_policy: '"never"',
    sandbox_mode: '"danger-full-access"',
    check_for_update_on_startup: 'false',
    'analytics.enabled': 'false',
  };
  const options = ['--skip-git-repo-check', '--json'];
  for (const [key, value] of Object.entries(settings)) options.push('-c', `${key}=${value}`);
  const exec = (cmd) => call('exec_command', { cmd });
  const first = told(
    await run(codex, ['exec', ...options, '-'], place, `${script(
      `${thought('I look first.')}I read the notes.${exec('cat notes.txt')}\n${exec('wc -w < notes.txt')}`,
      exec('printf %s "three words" > count.txt'),
      'They have three words.',
    )} How many words do the notes have?`),
  );
  assert.deepEqual(first.texts, ['I read the notes.', 'They have three words.']);
  assert.deepEqual(first.thoughts, ['I look first.']);
  // Those side by side end in any order.
  const said = first.commands.map((each) => `${each.exit_code}: ${each.aggregated_output.trim()}`);
  assert.deepEqual(said.sort(), ['0: ', '0: 3', '0: one two three']);
  assert.equal(readFileSync(join(place.work, 'count.txt'), 'utf8'), 'three words');
  assert.ok(first.usage.input_tokens > 3 && first.usage.reasoning_output_tokens > 0);
  const second = told(
    await run(codex, ['exec', 'resume', ...options, first.thread, '-'], place, `${script(
      exec('cat count.txt'),
      'As I said.',
    )} Are you sure?`),
  );
  assert.equal(second.thread, first.thread);
  assert.equal(second.commands.at(-1).aggregated_output.trim(), 'three words');
  assert.deepEqual(second.texts, ['As I said.']);
});
