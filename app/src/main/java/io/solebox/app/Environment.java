package io.solebox.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process was started with.
 *
 * @param variables environment variables
 * @param home the person's home folder; Java says {@code ?} where there is none
 * @param builtInModel the model of the distribution, where there is one
 */
record Environment(Map<String, String> variables, Path home, Optional<Path> builtInModel) {
  /** Where the launcher put the distribution. */
  private static final String DIST = "solebox.dist";

  private static final Path SYSTEM_DATA = Path.of("/var/lib");

  Environment {
    variables = Map.copyOf(variables);
  }

  static Environment system() {
    Optional<Path> builtIn =
        Optional.ofNullable(System.getProperty(DIST))
            .map(dist -> Path.of(dist, "models", ModelLocator.BUILT_IN + ".gguf"));
    return new Environment(System.getenv(), Path.of(System.getProperty("user.home")), builtIn);
  }

  /** Whether to show traces of unexpected errors. */
  boolean debug() {
    return !variables.getOrDefault("SOLEBOX_DEBUG", "").isEmpty();
  }

  /**
   * {@code $SOLEBOX_HOME}, or {@code solebox} in the XDG data folder; of a user without a home, as
   * services are, in the system's.
   */
  Path dataFolder() {
    String chosen = variables.getOrDefault("SOLEBOX_HOME", "");
    if (!chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    // The XDG base directory specification wants relative values ignored.
    Path xdg = Path.of(variables.getOrDefault("XDG_DATA_HOME", ""));
    Path own = home.isAbsolute() ? home.resolve(".local/share") : SYSTEM_DATA;
    return (xdg.isAbsolute() ? xdg : own).resolve("solebox");
  }
}
