package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that changes one account, and tells what it is then. */
abstract class OfOne implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", index = "0", paramLabel = "NAME", description = "Whose account.")
  private String name;

  @Option(names = "--json", description = "Print the account as one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  OfOne(Users users) {
    this.users = users;
  }

  /** The account as it is afterwards. */
  abstract User change(Accounts accounts, User user);

  /** What became of it, behind the name. */
  abstract String told(User user);

  @Override
  public final Integer call() {
    try (var open = box.open(users.environment())) {
      User changed = change(open.accounts(), open.accounts().store().named(name));
      if (json) {
        users.json(AccountJson.user(changed));
      } else {
        users.console().println(changed.name() + " " + told(changed));
      }
    }
    return 0;
  }
}
