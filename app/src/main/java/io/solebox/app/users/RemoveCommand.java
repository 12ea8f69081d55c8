package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.app.session.PassphraseArgument;
import io.solebox.server.State;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes an account. */
@Command(
    name = "rm",
    aliases = "remove",
    description =
        "Remove an account with its keys and sessions, and all that is stored for it, for good.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RemoveCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "NAME", description = "Whose account.")
  private String name;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Before, write all that is stored for it to this ZIP archive, which must not be there.")
  private Optional<Path> export;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;
  @Mixin private PassphraseArgument passphrase;

  RemoveCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment());
        State state =
            State.open(box.file(users.environment()), passphrase.source(users.console()))) {
      User user = open.accounts().store().named(name);
      export.ifPresent(file -> StoredThings.write(file, user, state.belongings()));
      open.accounts().remove(Entry.CONSOLE, user, state.belongings());
      if (json) {
        users.json(Map.of("removed", user.name(), "id", user.id()));
      } else {
        export.ifPresent(file -> users.console().println("wrote " + file));
        users.console().println("removed " + user.name());
      }
    }
    return 0;
  }
}
