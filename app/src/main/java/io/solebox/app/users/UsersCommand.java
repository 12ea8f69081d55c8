package io.solebox.app.users;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about people who may use the server. */
@Command(
    name = "users",
    description =
        "People who may use the server of this machine; what is changed counts at once, also while"
            + " it runs.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UsersCommand implements Runnable {
  @Spec private CommandSpec spec;

  private UsersCommand() {}

  /** With the commands that it holds. */
  public static CommandLine with(Console console, Environment environment) {
    var users = new Users(console, environment);
    return new CommandLine(new UsersCommand())
        .addSubcommand(new AddCommand(users))
        .addSubcommand(new InviteCommand(users))
        .addSubcommand(new ListCommand(users))
        .addSubcommand(new ShowCommand(users))
        .addSubcommand(new RoleCommand(users))
        .addSubcommand(new GroupCommand(users))
        .addSubcommand(new LimitsCommand(users))
        .addSubcommand(new ApproveCommand(users))
        .addSubcommand(new DisableCommand(users))
        .addSubcommand(new EnableCommand(users))
        .addSubcommand(new ResetCommand(users))
        .addSubcommand(new FactorsCommand(users))
        .addSubcommand(new ExportCommand(users))
        .addSubcommand(new RemoveCommand(users))
        .addSubcommand(new CodesCommand(users))
        .addSubcommand(new SignUpCommand(users))
        .addSubcommand(GroupsCommand.with(users));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
