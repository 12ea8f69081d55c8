package io.solebox.app.update;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.update.slot.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about updates of a machine that was made from the image. */
@Command(
    name = "update",
    description = "Update a machine that was made from Solebox's image, from a file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UpdateCommand implements Runnable {
  @Spec private CommandSpec spec;

  private UpdateCommand() {}

  /**
   * With the commands that it holds.
   *
   * @param version of the program that runs
   */
  public static CommandLine with(Console console, Environment environment, String version) {
    return with(new Updates(console, environment, Machine.here(), version));
  }

  static CommandLine with(Updates updates) {
    return new CommandLine(new UpdateCommand())
        .addSubcommand(new UpdateStatusCommand(updates))
        .addSubcommand(new UpdateInspectCommand(updates))
        .addSubcommand(new UpdateInstallCommand(updates))
        .addSubcommand(new UpdateConfirmCommand(updates))
        .addSubcommand(new UpdateRollbackCommand(updates))
        .addSubcommand(new UpdateMakeCommand(updates));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
