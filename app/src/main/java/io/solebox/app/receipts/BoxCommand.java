package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the box itself. */
@Command(
    name = "box",
    description = "What others know this box by.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BoxCommand implements Runnable {
  @Spec private CommandSpec spec;

  private BoxCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new BoxCommand()).addSubcommand(new BoxKeyCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
