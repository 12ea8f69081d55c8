package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands of the marketplace watcher. */
@Command(
    name = "scout",
    description = "Watch marketplaces for cards, and tell what is worth a look.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ScoutCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ScoutCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    var line = new CommandLine(new ScoutCommand());
    line.addSubcommand(new ScoutHistoryCommand(console, environment));
    line.addSubcommand(new ScoutInitCommand(console, environment));
    line.addSubcommand(ScoutWatchesCommand.with(console, environment));
    line.addSubcommand(new ScoutDoctorCommand(console, environment));
    line.addSubcommand(new ScoutExportCommand(console, environment));
    line.addSubcommand(new ScoutImportCommand(console, environment));
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
