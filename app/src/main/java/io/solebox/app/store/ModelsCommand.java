package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the models of this machine. */
@Command(
    name = "models",
    description = "The models of this machine: list, import, keep, verify, remove them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ModelsCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    var models = new Models(console, environment);
    return new CommandLine(new ModelsCommand())
        .addSubcommand(new ListCommand(models))
        .addSubcommand(new SearchCommand(models))
        .addSubcommand(CatalogueCommand.with(models))
        .addSubcommand(new ShowCommand(models))
        .addSubcommand(new ImportCommand(models))
        .addSubcommand(new AdoptCommand(models))
        .addSubcommand(new RemoveCommand(models))
        .addSubcommand(new CopyCommand(models))
        .addSubcommand(new PinCommand(models))
        .addSubcommand(new UnpinCommand(models))
        .addSubcommand(new RollbackCommand(models))
        .addSubcommand(new VerifyCommand(models))
        .addSubcommand(new PruneCommand(models))
        .addSubcommand(new CleanupCommand(models))
        .addSubcommand(new UsageCommand(models))
        .addSubcommand(new SplitCommand(console))
        .addSubcommand(new JoinCommand(console))
        .addSubcommand(new SetCommand(models))
        .addSubcommand(new MergeCommand(models));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
