package io.solebox.app.users;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes somebody an API key. */
@Command(
    name = "add",
    description = "Make an API key for a program of somebody; it is printed this once.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class KeysAddCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "USER", description = "Whose key.")
  private String user;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "key",
      description = "By which people tell it from others. Default: ${DEFAULT-VALUE}.")
  private String name;

  @Option(
      names = "--models",
      paramLabel = "GLOBS",
      defaultValue = "*",
      description = "Models that it may use, of those that its owner may. Default: all.")
  private String models;

  @Option(
      names = "--routes",
      paramLabel = "WORDS",
      defaultValue = "",
      description =
          "What it is for, as in 'chat embeddings': chat, completions, embeddings, rerank, tokens,"
              + " models, files, metrics, admin, or paths as /v1/models/*. Default: all but admin.")
  private String routes;

  @Option(
      names = "--limits",
      paramLabel = "WORDS",
      defaultValue = "",
      description = "Limits of its own beside those of its owner, as in 'rpm=60 tpd=100000'.")
  private String limits;

  @Option(
      names = "--receipt",
      description = "Its answers have receipts unless a request says 'receipt: false'.")
  private boolean receipt;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description = "How long it is good, as in 90d. Default: until it is revoked.")
  private Optional<Duration> expires;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  public KeysAddCommand(Console console, Environment environment) {
    this.users = new Users(console, environment);
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      User owner = open.accounts().store().named(user);
      var wanted =
          new NewKey(name, Words.of(models), Words.of(routes), Words.of(limits), receipt, expires);
      var made = open.accounts().keys().add(Entry.CONSOLE, owner, wanted);
      if (json) {
        Map<String, Object> fields = AccountJson.key(made.key(), owner.name());
        fields.put("key", made.secret());
        users.json(fields);
        return 0;
      }
      users.console().println(made.secret());
      users
          .console()
          .error(
              "%s's key '%s' is shown this once; 'solebox keys revoke %s' takes it back."
                  .formatted(owner.name(), name, made.key().id()));
    }
    return 0;
  }
}
