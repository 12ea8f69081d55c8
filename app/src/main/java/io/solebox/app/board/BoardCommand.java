package io.solebox.app.board;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the controller of the board that a box is on. */
@Command(
    name = "board",
    description = "Ask and tell the controller of the board that this box is on.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BoardCommand implements Runnable {
  @Spec private CommandSpec spec;

  private BoardCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new BoardCommand())
        .addSubcommand(new BoardStatusCommand(console, environment))
        .addSubcommand(new BoardEventsCommand(console, environment))
        .addSubcommand(new BoardFanCommand(console, environment))
        .addSubcommand(new BoardPowerCommand(console, environment))
        .addSubcommand(new BoardResetFaultCommand(console, environment))
        .addSubcommand(new BoardStopCommand(console, environment))
        .addSubcommand(new BoardSimulateCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
