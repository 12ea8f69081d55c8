package io.solebox.app.power;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about what GPUs may draw. */
@Command(
    name = "power",
    description = "Hold GPUs to what the power supply gives.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PowerCommand implements Runnable {
  @Spec private CommandSpec spec;

  private PowerCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new PowerCommand())
        .addSubcommand(new PowerPlanCommand(console, environment))
        .addSubcommand(new PowerApplyCommand(console, environment))
        .addSubcommand(new PowerReleaseCommand(console, environment))
        .addSubcommand(new PowerPlugCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
