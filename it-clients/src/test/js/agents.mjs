// Codex and opencode, unmodified, as their users start them: a session in a folder of its own, in which the model
// reads, runs and writes what its script says. They are told to stay off the network, and pointed at a proxy
// that is closed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const packages = resolve('agents/node_modules');
const triple = { x64: 'x86_64-unknown-linux-musl', arm64: 'aarch64-unknown-linux-musl' }[process.arch];
export const codex = join(packages, `codex-linux-${process.arch}`, 'vendor', String(triple), 'bin/codex');
export const opencode = join(packages, 'opencode-linux-x64-baseline', 'bin/opencode');

export const bounded = { timeout: 130_000 };

/** A folder with notes in it, and a home beside it. */
export function folders(t) {
  const root = mkdtempSync(join(tmpdir(), 'solebox-agent-'));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const [home, work] = ['home', 'work'].map((name) => mkdtempSync(join(root, name)));
  writeFileSync(join(work, 'notes.txt'), 'one two three\n');
  return { home, work };
}

/** Runs it to its end; what it prints are events, one a line. */
export async function run(binary, args, { home, work }, input, more = {}) {
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
