package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.Session;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.UserKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One account. */
@Command(
    name = "show",
    description = "Show an account with its keys and where it is signed in.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "NAME", description = "Whose account.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  ShowCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      User user = open.accounts().store().named(name);
      List<UserKey> keys = open.accounts().keys().of(user);
      List<Session> sessions = open.accounts().sessions().of(user.id());
      Map<String, Object> fields = AccountJson.user(user);
      if (json) {
        fields.put("keys", keys.stream().map(key -> AccountJson.key(key, user.name())).toList());
        fields.put("sessions", sessions.stream().map(AccountJson::session).toList());
        users.json(fields);
        return 0;
      }
      fields.forEach((key, value) -> users.console().println("%-9s %s".formatted(key, value)));
      keys.forEach(
          key ->
              users
                  .console()
                  .println("key       %s  %s...  %s".formatted(key.id(), key.shown(), key.name())));
      sessions.forEach(
          session ->
              users
                  .console()
                  .println(
                      "signed in %s  %s  %s"
                          .formatted(session.lastUse(), session.address(), session.agent())));
    }
    return 0;
  }
}
