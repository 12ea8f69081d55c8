package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.edit.Joining;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Several GGUF files to one. */
@Command(
    name = "join",
    description = "Make one GGUF file of the parts of a model.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class JoinCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "PART", description = "Any part; the others lie beside it.")
  private Path part;

  @Parameters(index = "1", paramLabel = "OUT.gguf", description = "The file to write.")
  private Path out;

  @Option(names = "--force", description = "Replace a file of this name.")
  private boolean force;

  JoinCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    long bytes;
    try (var bar = new ProgressBar(console, out.getFileName().toString())) {
      bytes = Joining.write(part, out, force, bar);
    }
    console.println("%s: %s".formatted(out, Units.bytes(bytes)));
    return 0;
  }
}
