package io.solebox.app.bundle;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about bundles. */
@Command(
    name = "bundle",
    description = "Models for machines without a network: signed, in one file or in pieces.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BundleCommand implements Runnable {
  @Spec private CommandSpec spec;

  private BundleCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    var bundles = new Bundles(console, environment);
    return new CommandLine(new BundleCommand())
        .addSubcommand(new BundleMakeCommand(bundles))
        .addSubcommand(new BundleInspectCommand(bundles))
        .addSubcommand(new BundleImportCommand(bundles))
        .addSubcommand(new BundleListCommand(bundles));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
