package io.solebox.app.toolcalls;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands that have to do with what models call. */
@Command(
    name = "toolcalls",
    description = "Take what a model wrote apart: text, reasoning, tool calls.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ToolCallsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ToolCallsCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new ToolCallsCommand())
        .addSubcommand(new ParseCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What should be done? Name a command: parse");
  }
}
