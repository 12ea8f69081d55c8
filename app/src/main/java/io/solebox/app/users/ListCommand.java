package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.User;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All people. */
@Command(
    name = "ls",
    aliases = "list",
    description = "List who has an account.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListCommand implements Callable<Integer> {
  private final Users users;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Mixin private BoxAccounts box;

  ListCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      List<User> all = open.accounts().store().users();
      if (json) {
        users.json(all.stream().map(AccountJson::user).toList());
      } else if (all.isEmpty()) {
        users
            .console()
            .error("Nobody has an account; 'solebox users add NAME --role admin' gives the first.");
      } else {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ROLE", "STATE", "GROUP", "LIMITS"));
        all.forEach(user -> rows.add(row(user)));
        users.table(rows);
      }
    }
    return 0;
  }

  private static List<String> row(User user) {
    return List.of(
        user.name(),
        user.role().word(),
        user.state().word(),
        user.group().orElse("-"),
        Users.orDash(String.join(" ", user.limits())));
  }
}
