package io.solebox.app;

import java.nio.file.Path;

/** Model files for tests of other packages. */
public final class Synthetic {
  private Synthetic() {}

  /** As {@link CliRunner#synth} makes it. */
  public static Path model(Path folder, String shape, String type) {
    return Path.of(new CliRunner(folder).synth(folder, shape, type));
  }
}
