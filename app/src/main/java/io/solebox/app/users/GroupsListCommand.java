package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All groups. */
@Command(
    name = "ls",
    aliases = "list",
    description = "List the groups.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GroupsListCommand implements Callable<Integer> {
  private final Users users;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Mixin private BoxAccounts box;

  GroupsListCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      List<Group> all = open.accounts().store().groups();
      if (json) {
        users.json(all.stream().map(AccountJson::group).toList());
      } else if (all.isEmpty()) {
        users.console().error("There is no group; 'solebox users groups set NAME' makes one.");
      } else {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "MODELS", "LIMITS OF EACH", "OF ALL TOGETHER", "KEEPS"));
        all.forEach(group -> rows.add(row(group)));
        users.table(rows);
      }
    }
    return 0;
  }

  private static List<String> row(Group group) {
    return List.of(
        group.name(),
        String.join(" ", group.models()),
        Users.orDash(String.join(" ", group.limits())),
        Users.orDash(String.join(" ", group.shared())),
        group.keep().map(GroupsListCommand::days).orElse("-"));
  }

  private static String days(Duration time) {
    return time.isZero() ? "nothing" : time.toDays() + " days";
  }
}
