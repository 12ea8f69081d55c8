package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.regex.Regex;
import java.util.List;

/**
 * Splits by one pattern after the other: what a pattern matches, and what lies between, are pieces
 * that the next one splits further.
 */
final class RegexPreTokenizer implements PreTokenizer {
  private final Regex[] patterns;

  RegexPreTokenizer(List<String> patterns) {
    this.patterns = patterns.stream().map(Regex::of).toArray(Regex[]::new);
  }

  @Override
  public void split(byte[] utf8, int from, int to, Words words) {
    split(0, utf8, from, to, words);
  }

  private void split(int stage, byte[] utf8, int from, int to, Words words) {
    if (from == to) {
      return;
    }
    if (stage == patterns.length) {
      words.accept(utf8, from, to);
      return;
    }
    patterns[stage].split(
        utf8, from, to, (start, end, _) -> split(stage + 1, utf8, start, end, words));
  }
}
