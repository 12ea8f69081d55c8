package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.audit.Entry;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a group. */
@Command(
    name = "rm",
    aliases = "remove",
    description = "Remove a group that nobody is in.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GroupsRemoveCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "NAME", description = "Which group.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  GroupsRemoveCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      open.accounts().removeGroup(Entry.CONSOLE, name);
      if (json) {
        users.json(Map.of("removed", name));
      } else {
        users.console().println("removed " + name);
      }
    }
    return 0;
  }
}
