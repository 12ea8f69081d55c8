package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.scout.settings.ScoutFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes settings to begin with. */
@Command(
    name = "init",
    description = "Write a file of settings to begin with, in which all that there is stands.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutInitCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;
  @Mixin private ScoutPlace place;

  ScoutInitCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Path file = place.config(environment);
    if (Files.exists(file)) {
      throw new ParameterException(
          spec.commandLine(), file + " is there already; name another with --config");
    }
    WrittenSettings.write(file, ScoutFile.example());
    console.println("Wrote " + file + ".");
    console.println("Take the # away before what you want, then: solebox scout watches check");
    return 0;
  }
}
