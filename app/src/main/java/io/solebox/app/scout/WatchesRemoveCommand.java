package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.settings.WatchText;
import io.solebox.scout.toml.Spelling;
import io.solebox.scout.watch.Watch;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a watch out of the file. */
@Command(
    name = "remove",
    description = "Look for something no more. The rest of the file stays as it is.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WatchesRemoveCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Parameters(paramLabel = "NAME", description = "By which it is known.")
  private String name;

  WatchesRemoveCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    WrittenSettings written = WrittenSettings.read(place.config(environment));
    List<String> names = written.settings(console).watches().stream().map(Watch::name).toList();
    if (!names.contains(name)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          written.file().toString(),
          "There is no watch '" + name + "'" + Spelling.hint(name, names),
          "There are: " + String.join(", ", names) + ".");
    }
    String rest =
        WatchText.without(written.text(), names.indexOf(name))
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.INVALID_PARAMETER,
                        written.file().toString(),
                        "The watch has no head [[watch]] of its own.",
                        "Take it out by hand."));
    written.replace(console, rest);
    console.println("'" + name + "' is looked for no more.");
    return 0;
  }
}
