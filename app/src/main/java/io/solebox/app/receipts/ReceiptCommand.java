package io.solebox.app.receipts;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about receipts. */
@Command(
    name = "receipt",
    description = "Receipts of answers.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ReceiptCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ReceiptCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new ReceiptCommand())
        .addSubcommand(new VerifyCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
