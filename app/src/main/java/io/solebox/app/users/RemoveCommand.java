package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes an account. */
@Command(
    name = "rm",
    aliases = "remove",
    description = "Remove an account with its keys and sessions, for good.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RemoveCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "NAME", description = "Whose account.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  RemoveCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      User user = open.accounts().store().named(name);
      open.accounts().remove(Entry.CONSOLE, user);
      if (json) {
        users.json(Map.of("removed", user.name(), "id", user.id()));
      } else {
        users.console().println("removed " + user.name());
      }
    }
    return 0;
  }
}
