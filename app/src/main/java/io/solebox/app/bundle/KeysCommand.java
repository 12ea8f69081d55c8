package io.solebox.app.bundle;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about keys. */
@Command(
    name = "keys",
    description = "Keys that sign bundles, keys that this machine trusts, and API keys of people.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec;

  private KeysCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    var keys = new Keys(console, environment);
    return new CommandLine(new KeysCommand())
        .addSubcommand(new KeysMakeCommand(keys))
        .addSubcommand(new KeysListCommand(keys))
        .addSubcommand(new KeysShowCommand(keys))
        .addSubcommand(new TrustCommand(keys))
        .addSubcommand(new DistrustCommand(keys));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
