package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.edit.Splitting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One GGUF file to several. */
@Command(
    name = "split",
    description =
        "Cut a GGUF file into several, as for a disk or an upload that takes small files.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SplitCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A .gguf file.")
  private Path file;

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      required = true,
      description = "Of the tensors of a file, as in 2G or 500MB.")
  private String maxSize;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder for the files. Default: that of the file.")
  private Optional<Path> folder;

  @Option(names = "--dry-run", description = "Show the files, and write none.")
  private boolean dryRun;

  @Option(names = "--force", description = "Replace files of these names.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  SplitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    long bytes =
        Units.bytesOf(maxSize)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "'" + maxSize + "' is no size, as 2G and 500MB are"));
    Path to = folder.orElseGet(() -> file.toAbsolutePath().getParent());
    List<Splitting.Part> parts;
    if (dryRun) {
      parts = Splitting.plan(file, to, bytes);
    } else {
      try (var bar = new ProgressBar(console, file.getFileName().toString())) {
        parts = Splitting.write(file, to, bytes, force, bar);
      }
    }
    if (json) {
      console.println(Json.text(parts.stream().map(SplitCommand::fields).toList()));
    } else {
      parts.forEach(
          part ->
              console.println(
                  "%s: %s, %d tensors"
                      .formatted(part.file(), Units.bytes(part.bytes()), part.tensors())));
    }
    return 0;
  }

  private static Map<String, Object> fields(Splitting.Part part) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", part.file().toString());
    fields.put("bytes", part.bytes());
    fields.put("tensors", part.tensors());
    return fields;
  }
}
