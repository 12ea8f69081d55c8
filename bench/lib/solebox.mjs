// Our side: ./solebox synth, bench and serve.
import { existsSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureServer } from "./clients.mjs";
import { run, start } from "./processes.mjs";

const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** The same contract as the peers: a name, and what one run of a test measures. */
export class Solebox {
  /** @param checkout another one is a peer of this */
  constructor({ threads }, checkout = CHECKOUT) {
    this.launcher = join(checkout, "solebox");
    this.name = checkout === CHECKOUT ? "Solebox" : `Solebox of ${basename(checkout)}`;
    this.threads = ["--threads", String(threads)];
    this.device = ["--device", "cpu"];
  }

  /** Builds it if need be; returns its version. */
  async version(onStderr) {
    const { stdout } = await run(this.launcher, ["--version"], { onStderr });
    return stdout.trim();
  }

  /** Writes a model of random weights, complete or not at all. */
  async synth(shape, format, file) {
    if (!existsSync(file)) {
      await run(this.launcher, ["synth", shape, "--type", format, "--out", file + ".part"]);
      renameSync(file + ".part", file);
    }
  }

  /** Bytes per second that all threads together read from memory; about a second. */
  async bandwidth() {
    const { stdout } = await run(this.launcher, ["bench", "--bandwidth", "--json", ...this.device, ...this.threads]);
    return JSON.parse(stdout).read_bandwidth_bytes_per_second;
  }

  /** One run of a test, in a process of its own. */
  measure(model, test) {
    return test.kind === "clients" ? this.#serve(model, test) : this.#bench(model, test);
  }

  async #bench(model, test) {
    // The first generated token belongs to prefill, so there is one more than those whose time counts.
    const shape =
      test.kind === "prefill" ? [test.tokens, 2] : [Math.max(1, test.depth), test.tokens + 1];
    const { stdout } = await run(this.launcher, [
      "bench", model.file, "-p", String(shape[0]), "-n", String(shape[1]), "-b", "1", "-r", "1", "--json",
      "--context", String(test.context), ...this.device, ...this.threads,
    ]);
    const [row] = JSON.parse(stdout);
    const speed = test.kind === "prefill" ? row.prefill_tokens_per_second : row.decode_tokens_per_second;
    return {
      tokensPerSecond: speed.median,
      residentBytes: row.resident_bytes,
      loadSeconds: row.load_seconds,
      bytesPerToken: test.kind === "decode" ? row.decode_bytes_per_token : null,
    };
  }

  async #serve(model, test) {
    const server = start(this.launcher, [
      "serve", model.file, "--port", "0", "--parallel", String(test.clients),
      "--context", String(test.context), ...this.device, ...this.threads,
    ]);
    return measureServer(server, test, {
      url: () => /http:\/\/[^\s]+/.exec(server.stdout)?.[0],
      request: {},
    });
  }
}
