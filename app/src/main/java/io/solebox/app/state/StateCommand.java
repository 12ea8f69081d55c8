package io.solebox.app.state;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about what a server keeps. */
@Command(
    name = "state",
    description = "What a server keeps: back it up, look it over, restore it, lock its key.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class StateCommand implements Runnable {
  @Spec private CommandSpec spec;

  private StateCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new StateCommand())
        .addSubcommand(new BackupCommand(console, environment))
        .addSubcommand(new CheckCommand(console, environment))
        .addSubcommand(new RestoreCommand(console, environment))
        .addSubcommand(PassphraseCommand.with(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
