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
    return new CommandLine(new ScoutCommand())
        .addSubcommand(new ScoutInitCommand(console, environment))
        .addSubcommand(ScoutWatchesCommand.with(console, environment))
        .addSubcommand(new ScoutRunCommand(console, environment))
        .addSubcommand(new ScoutOnceCommand(console, environment))
        .addSubcommand(new ScoutHistoryCommand(console, environment))
        .addSubcommand(new ScoutDoctorCommand(console, environment))
        .addSubcommand(new ScoutExportCommand(console, environment))
        .addSubcommand(new ScoutImportCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
