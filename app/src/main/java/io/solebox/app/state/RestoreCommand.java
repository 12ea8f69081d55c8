package io.solebox.app.state;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.server.backup.Restore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores a backup. */
@Command(
    name = "restore",
    description = {
      "Put a backup in the place of what a server keeps, which must not run.",
      "What was there before is moved aside. What belongs to people who were deleted since is left"
          + " out: their keys are gone."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RestoreCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(arity = "1", paramLabel = "FILE", description = "The backup.")
  private Path backup;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "The keys, as backup wrote them. Default: those that are here.")
  private Optional<Path> keys;

  @Mixin private StateArgument state;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  RestoreCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Restore.Report report = Restore.run(backup, state.file(environment), keys);
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("state", state.folder(environment).toString());
      fields.put("files", report.files());
      fields.put("left_out_owners", List.copyOf(report.left()));
      fields.put("before", report.before().map(Path::toString).orElse(null));
      console.println(Json.text(fields));
      return 0;
    }
    console.println("restored %s, with %d files".formatted(backup, report.files()));
    if (!report.left().isEmpty()) {
      console.println(
          "left out what belongs to %d owners whose keys are gone".formatted(report.left().size()));
    }
    report.before().ifPresent(path -> console.println("what was there before is in " + path));
    return 0;
  }
}
