package io.solebox.app.host;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the machine below an appliance. */
@Command(
    name = "host",
    description = "Look after the machine below an appliance: its network, name and screen.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class HostCommand implements Runnable {
  @Spec private CommandSpec spec;

  private HostCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment, String version) {
    return new CommandLine(new HostCommand())
        .addSubcommand(new ScreenCommand(console, environment, version))
        .addSubcommand(new ApplyCommand(console, environment, version));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
