package io.solebox.app.grammar;

import io.solebox.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands that have to do with what answers are held to. */
@Command(
    name = "grammar",
    description = "Try what answers can be held to: schemas, grammars, patterns.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class GrammarCommand implements Runnable {
  @Spec private CommandSpec spec;

  private GrammarCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console) {
    return new CommandLine(new GrammarCommand()).addSubcommand(new CheckCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What should be done? Name a command: check");
  }
}
