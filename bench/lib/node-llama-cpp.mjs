// The peer that anyone can install: node-llama-cpp, which carries a prebuilt llama.cpp.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Failure } from "./failure.mjs";
import { run } from "./processes.mjs";

const LIB = dirname(fileURLToPath(import.meta.url));
const BENCH = dirname(LIB);
const INSTALLED = ["package.json", "package-lock.json", "absent"];

/** Drives it in a process of its own per run; see node-llama-cpp-run.mjs. */
export class NodeLlamaCpp {
  /** Its decode runs JavaScript and a sampler for every token. */
  samplesInJavaScript = true;

  constructor(scratch, { threads }) {
    this.folder = join(scratch, "peer");
    this.library = join(this.folder, "node_modules/node-llama-cpp");
    this.threads = threads;
    this.name = "node-llama-cpp";
  }

  /** Installs the pinned version into the scratch folder, unless it is there. */
  async install(progress) {
    const lock = readFileSync(join(BENCH, "package-lock.json"), "utf8");
    const stamp = join(this.folder, "installed-lock.json");
    if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
      progress.stage("installing node-llama-cpp from npm (about 50 MB)");
      mkdirSync(this.folder, { recursive: true });
      INSTALLED.forEach((name) => cpSync(join(BENCH, name), join(this.folder, name), { recursive: true }));
      await this.#npm();
      writeFileSync(stamp, lock);
    }
    const { version } = JSON.parse(readFileSync(join(this.library, "package.json"), "utf8"));
    const { tag } = JSON.parse(readFileSync(join(this.library, "llama/llama.cpp.info.json"), "utf8"));
    this.name = `node-llama-cpp ${version} (llama.cpp ${tag})`;
  }

  async #npm() {
    try {
      // No scripts: they would build llama.cpp from source where a prebuilt one does not fit.
      const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
      await run("npm", ["ci", ...options], { cwd: this.folder });
    } catch (error) {
      throw new Failure(
        `node-llama-cpp could not be installed: ${error.message}`,
        /no such program/.test(error.message)
          ? "Install npm:  apt install npm"
          : "npm needs the network once. Without it: --llama-bench PATH and --llama-server PATH take builds of your own.",
      );
    }
  }

  async measure(model, test) {
    const order = {
      library: pathToFileURL(join(this.library, "dist/index.js")).href,
      file: model.file,
      test,
      threads: this.threads,
    };
    const script = join(LIB, "node-llama-cpp-run.mjs");
    const { stdout } = await run(process.execPath, [script, JSON.stringify(order)]);
    return JSON.parse(stdout.trim().split("\n").at(-1));
  }
}
