// Starts programs and sees to it that none outlives this one, however it ends.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Failure } from "./failure.mjs";

const POLL_MILLIS = 50;
/** After SIGTERM; a server may want to let answers end. */
const GRACE_MILLIS = 3000;
const KEPT_OUTPUT = 8000;
/** Nothing that is measured here takes longer. */
const LIMIT_MILLIS = 30 * 60 * 1000;

const running = new Set();

/** A started program: its output so far, the most memory it had, and how it ended. */
class Program {
  stdout = "";
  stderr = "";
  peakResidentBytes = 0;

  constructor(command, args, { cwd, env, onStderr = () => {} } = {}) {
    this.command = command;
    // A process group of its own, so that what it starts can be ended with it.
    this.child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text) => {
      this.stderr = (this.stderr + text).slice(-KEPT_OUTPUT);
      onStderr(text);
    });
    running.add(this);
    const poll = setInterval(() => this.#observeMemory(), POLL_MILLIS);
    this.ended = new Promise((resolve) => {
      const end = (result) => {
        clearInterval(poll);
        running.delete(this);
        resolve(result);
      };
      this.child.on("error", (error) => end({ error }));
      this.child.on("close", (code, signal) => end({ code, signal }));
    });
  }

  #observeMemory() {
    this.peakResidentBytes = Math.max(this.peakResidentBytes, residentBytes(this.child.pid) ?? 0);
  }

  signal(name) {
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // It has ended meanwhile, or never started.
    }
  }

  /** Ends it and what it started. */
  async stop() {
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), GRACE_MILLIS);
    await this.ended;
    clearTimeout(timer);
    this.signal("SIGKILL");
  }

  /** @throws Failure with the end of its stderr, if it has not ended well */
  fail(reason) {
    const lines = this.stderr.trim().split("\n").slice(-8).map((line) => "    " + line);
    return new Failure(`${this.command}: ${reason}${lines.join("") ? "\n" + lines.join("\n") : ""}`);
  }
}

/** Starts a program that goes on until it is stopped. */
export function start(command, args, options) {
  return new Program(command, args, options);
}

/** Runs a program to its end; fails if it fails. */
export async function run(command, args, options = {}) {
  const program = start(command, args, options);
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    program.stop();
  }, options.limitMillis ?? LIMIT_MILLIS);
  const { code, signal, error } = await program.ended;
  clearTimeout(timer);
  if (error !== undefined) {
    throw program.fail(error.code === "ENOENT" ? "there is no such program" : error.message);
  }
  if (code !== 0) {
    throw program.fail(expired ? "took too long" : signal === null ? `ended with code ${code}` : `ended by ${signal}`);
  }
  return program;
}

/** VmRSS of a process, mapped pages included; null if it has none any more. */
export function residentBytes(pid) {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

/** Ends all that were started; safe to call more than once. */
export async function stopAll() {
  await Promise.all([...running].map((program) => program.stop()));
}

/** Ends everything before this process does, at Ctrl-C, a closed terminal or a termination. */
export function stopAllOnSignals(beforeExit) {
  for (const [name, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
    process.once(name, async () => {
      beforeExit(name);
      await stopAll();
      process.exit(code);
    });
  }
  // Last resort, for an error in this program itself.
  process.on("exit", () => running.forEach((program) => program.signal("SIGKILL")));
}
