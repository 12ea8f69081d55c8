// Codex and opencode, unmodified, as their users start them: a session in a folder of its own, in which the model
// reads, runs and writes what its script says. They are told to stay off the network, and could not leave.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { apiKey, baseURL, call, model, script, thought } from './script.mjs';

const packages = resolve('agents/node_modules');
const triple = { x64: 'x86_64-unknown-linux-musl', arm64: 'aarch64-unknown-linux-musl' }[process.arch];
const codex = join(packages, `codex-linux-${process.arch}`, 'vendor', String(triple), 'bin/codex');
const opencode = join(packages, 'opencode-linux-x64-baseline', 'bin/opencode');
const without = (binary) => ({
  skip: !existsSync(binary) && 'it is not installed; ./check installs it, if there is one for this machine',
  timeout: 130_000,
});

/** A folder with notes in it, and a home beside it. */
function folders(t) {
  const root = mkdtempSync(join(tmpdir(), 'solebox-agent-'));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const [home, work] = ['home', 'work'].map((name) => mkdtempSync(join(root, name)));
  writeFileSync(join(work, 'notes.txt'), 'one two three\n');
  return { home, work };
}

/** Runs it to its end; what it prints are events, one a line. */
async function run(binary, args, { home, work }, input, more = {}) {
  const closed = 'http://127.0.0.1:9'; // nobody listens there
  const child = spawn(binary, args, {
    cwd: work,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      HTTPS_PROXY: closed,
      HTTP_PROXY: closed,
      NO_PROXY: '127.0.0.1,localhost',
      ...more,
    },
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  child.stdin.end(input);
  const [code, signal] = await new Promise((done) => child.on('close', (...how) => done(how)));
  assert.equal(code, 0, `${signal}\n${out}\n${err}`);
  return out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

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

test('codex: a session over responses, and one that goes on with it', without(codex), async (t) => {
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

for (const [name, npm] of Object.entries({
  'chat completions': '@ai-sdk/openai-compatible',
  responses: '@ai-sdk/openai',
  messages: '@ai-sdk/anthropic',
})) {
  test(`opencode: a session over ${name}`, without(opencode), async (t) => {
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
