package io.solebox.app.audit;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the audit log. */
@Command(
    name = "audit",
    description = "Who did what on this box that counts, and whether somebody changed the record.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  private AuditCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new AuditListCommand(console, environment))
        .addSubcommand(new AuditVerifyCommand(console, environment))
        .addSubcommand(new AuditExportCommand(console, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
