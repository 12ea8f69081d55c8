package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets somebody choose another password. */
@Command(
    name = "reset",
    description = "Print a code with which somebody chooses another password.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ResetCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "NAME", description = "Whose account.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  ResetCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      User user = open.accounts().store().named(name);
      var made = open.accounts().invitations().reset(Entry.CONSOLE, user);
      users.code(made, user.name() + " chooses another password", "/auth/reset", json);
    }
    return 0;
  }
}
