/** What is going on, on stderr: one line that changes at a terminal, else a line per stage. */
export class Progress {
  #terminal = process.stderr.isTTY === true;
  #shown = false;

  /** A new stage, worth a line in a log. */
  stage(text) {
    if (this.#terminal) {
      this.detail(text);
    } else {
      process.stderr.write(text + "\n");
    }
  }

  /** Goes on within a stage; for terminals only. */
  detail(text) {
    if (this.#terminal) {
      const width = process.stderr.columns ?? 80;
      process.stderr.write("\r\x1b[K" + text.slice(0, width - 1));
      this.#shown = true;
    }
  }

  /** Before anything else is printed. */
  clear() {
    if (this.#shown) {
      process.stderr.write("\r\x1b[K");
      this.#shown = false;
    }
  }
}
