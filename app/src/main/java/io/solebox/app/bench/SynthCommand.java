package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.console.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model of random weights in the shape of a known one, for benchmarks. */
@Command(
    name = "synth",
    hidden = true,
    description = "Write a model file of random weights, for benchmarks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SynthCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SHAPE",
      completionCandidates = SynthShape.Titles.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String shapeTitle;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "Q8_0",
      description = "A weight format, or Q4_K_M. Default: ${DEFAULT-VALUE}.")
  private String type;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write.")
  private Path out;

  @Option(names = "--json", description = "Print what was written, and how fast, as JSON.")
  private boolean json;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of the weights.")
  private long seed;

  public SynthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    SynthModel model;
    try {
      model = SynthModel.of(shapeTitle, type);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    long start = System.nanoTime();
    SynthFile.write(model, seed, out);
    double seconds = (System.nanoTime() - start) / 1e9;
    long bytes = Files.size(out);
    if (json) {
      console.println(Json.text(Map.of("bytes", bytes, "seconds", seconds)));
    }
    console.error(
        String.format(
            Locale.ROOT,
            "%s: %s in %.1f s, %.0f MB/s",
            out,
            Units.bytes(bytes),
            seconds,
            bytes / seconds / 1e6));
    return 0;
  }
}
