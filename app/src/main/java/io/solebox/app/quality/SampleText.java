package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.Inputs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A text for a model to read: a person's, or one that comes with Solebox.
 *
 * @param name for people, and for files that say what was read
 */
record SampleText(String name, String text) {
  /** For importance matrices. */
  static final String CALIBRATION = "calibration.txt";

  /** For measuring; nothing of it stands in the other one. */
  static final String EVALUATION = "evaluation.txt";

  /**
   * @param file what a person named; {@code -} is stdin
   * @param ours what is taken where nobody named any
   */
  static SampleText of(Console console, Optional<String> file, String ours) {
    return file.map(f -> new SampleText(f, Inputs.text(console, f))).orElseGet(() -> ours(ours));
  }

  /** One that comes with Solebox. */
  static SampleText ours(String name) {
    try (InputStream in = SampleText.class.getResourceAsStream(name)) {
      return new SampleText(
          "Solebox's " + name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
