package io.solebox.app.console;

import io.solebox.app.airgap.AirGap;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.store.foreign.ForeignModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process was started with.
 *
 * @param variables environment variables
 * @param home the person's home folder; Java says {@code ?} where there is none
 * @param builtInModels the folder of the models that the distribution brings along, where there is
 *     a distribution
 * @param airGap whether the kernel keeps the process from reaching anything outside it
 */
public record Environment(
    Map<String, String> variables, Path home, Optional<Path> builtInModels, AirGap airGap) {
  /** The name of the model that answers where none is named. */
  public static final String GUIDE = "solebox-guide";

  /** The name of the model for embeddings, which not every build has. */
  public static final String EMBEDDING = "minilm";

  /** Where the launcher put the distribution. */
  private static final String DIST = "solebox.dist";

  private static final Path SYSTEM_DATA = Path.of("/var/lib");

  public Environment {
    variables = Map.copyOf(variables);
  }

  /** Of a process that nobody wants to be kept apart. */
  public Environment(Map<String, String> variables, Path home, Optional<Path> builtInModels) {
    this(variables, home, builtInModels, new AirGap.Open());
  }

  public static Environment system() {
    Optional<Path> builtIn = distribution().map(dist -> dist.resolve("models"));
    return new Environment(System.getenv(), Path.of(System.getProperty("user.home")), builtIn);
  }

  /** The same with what became of an air gap. */
  public Environment with(AirGap gap) {
    return new Environment(variables, home, builtInModels, gap);
  }

  /** The folder from which this Solebox runs; empty where it was not started by a launcher. */
  public static Optional<Path> distribution() {
    return Optional.ofNullable(System.getProperty(DIST)).map(Path::of);
  }

  /** The model of this name that the distribution has. */
  public Optional<Path> builtIn(String name) {
    return builtInModels.map(folder -> folder.resolve(name + ".gguf")).filter(Files::isRegularFile);
  }

  /**
   * For large files of a command's own: {@code $TMPDIR}, or the system's for those; {@code /tmp}
   * may lie in the very memory that is short.
   */
  public Path scratchFolder() {
    String chosen = variables.getOrDefault("TMPDIR", "");
    return Path.of(chosen.isEmpty() ? "/var/tmp" : chosen).toAbsolutePath();
  }

  /** Whether to show traces of unexpected errors. */
  public boolean debug() {
    return !variables.getOrDefault("SOLEBOX_DEBUG", "").isEmpty();
  }

  /** The models that other programs keep for this person. */
  public ForeignModels foreignModels() {
    return ForeignModels.of(variables, home);
  }

  /**
   * NVIDIA's library that GPUs are asked through: {@code $SOLEBOX_NVML}, or the one that its driver
   * has brought.
   */
  public String nvmlLibrary() {
    String chosen = variables.getOrDefault("SOLEBOX_NVML", "");
    return chosen.isEmpty() ? Nvml.LIBRARY : chosen;
  }

  /** Of the store of models. */
  public Path storeFolder() {
    return dataFolder().resolve("store");
  }

  /** Of what a server remembers, where nothing else is said. */
  public Path serverFolder() {
    return dataFolder().resolve("server");
  }

  /**
   * {@code $SOLEBOX_HOME}, or {@code solebox} in the XDG data folder; of a user without a home, as
   * services are, in the system's, which is also the home of the packages' user.
   */
  public Path dataFolder() {
    String chosen = variables.getOrDefault("SOLEBOX_HOME", "");
    if (!chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    Path service = SYSTEM_DATA.resolve("solebox");
    if (home.equals(service)) {
      return service;
    }
    // The XDG base directory specification wants relative values ignored.
    Path xdg = Path.of(variables.getOrDefault("XDG_DATA_HOME", ""));
    Path own = home.isAbsolute() ? home.resolve(".local/share") : SYSTEM_DATA;
    return (xdg.isAbsolute() ? xdg : own).resolve("solebox");
  }
}
