package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.app.session.PassphraseArgument;
import io.solebox.server.State;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Entry;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes out what is somebody's. */
@Command(
    name = "export",
    description = "Write all that is stored for somebody, opened, to a ZIP archive.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(index = "0", arity = "1", paramLabel = "NAME", description = "Whose.")
  private String name;

  @Parameters(
      index = "1",
      arity = "1",
      paramLabel = "FILE",
      description = "The archive, which must not be there; only its owner will read it.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;
  @Mixin private PassphraseArgument passphrase;

  ExportCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment());
        State state =
            State.open(box.file(users.environment()), passphrase.source(users.console()))) {
      User user = open.accounts().store().named(name);
      AuditLog.of(open.database(), open.database().file().getParent())
          .append(new Entry("user.export", Entry.CONSOLE, user.name()));
      StoredThings.write(file, user, state.belongings());
      if (json) {
        users.json(Map.of("user", user.name(), "id", user.id(), "file", file.toString()));
      } else {
        users.console().println("wrote " + file);
      }
    }
    return 0;
  }
}
