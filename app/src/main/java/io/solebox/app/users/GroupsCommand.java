package io.solebox.app.users;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about groups. */
@Command(
    name = "groups",
    description = "Groups of people: their models, limits, and how long their texts are kept.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GroupsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private GroupsCommand() {}

  /** With the commands that it holds. */
  static CommandLine with(Users users) {
    return new CommandLine(new GroupsCommand())
        .addSubcommand(new GroupsListCommand(users))
        .addSubcommand(new GroupsSetCommand(users))
        .addSubcommand(new GroupsRemoveCommand(users));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
