package io.solebox.app.console;

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
public record Environment(Map<String, String> variables, Path home, Optional<Path> builtInModel) {
  /** The name of the model that the distribution brings along. */
  public static final String BUILT_IN = "solebox-guide";

  /** Where the launcher put the distribution. */
  private static final String DIST = "solebox.dist";

  private static final Path SYSTEM_DATA = Path.of("/var/lib");

  public Environment {
    variables = Map.copyOf(variables);
  }

  public static Environment system() {
    Optional<Path> builtIn =
        Optional.ofNullable(System.getProperty(DIST))
            .map(dist -> Path.of(dist, "models", BUILT_IN + ".gguf"));
    return new Environment(System.getenv(), Path.of(System.getProperty("user.home")), builtIn);
  }

  /** Whether to show traces of unexpected errors. */
  public boolean debug() {
    return !variables.getOrDefault("SOLEBOX_DEBUG", "").isEmpty();
  }

  /**
   * {@code $SOLEBOX_HOME}, or {@code solebox} in the XDG data folder; of a user without a home, as
   * services are, in the system's.
   */
  public Path dataFolder() {
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
