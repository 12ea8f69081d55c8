package io.solebox.app.users;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.UserKey;
import io.solebox.server.audit.Entry;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an API key open nothing any more. */
@Command(
    name = "revoke",
    description = "Take an API key back: it opens nothing from the next request on.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class KeysRevokeCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "ID", description = "As 'solebox keys ls' has it.")
  private String id;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  public KeysRevokeCommand(Console console, Environment environment) {
    this.users = new Users(console, environment);
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      UserKey key = open.accounts().keys().byId(id);
      open.accounts().keys().revoke(Entry.CONSOLE, key);
      if (json) {
        users.json(Map.of("revoked", key.id()));
      } else {
        users.console().println("revoked " + key.id() + " (" + key.name() + ")");
      }
    }
    return 0;
  }
}
