package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.Invitations;
import io.solebox.server.accounts.Invitations.OpenCode;
import io.solebox.server.audit.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Codes that wait to be used. */
@Command(
    name = "codes",
    description = "List invitations and other codes that wait to be used, or withdraw one.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CodesCommand implements Callable<Integer> {
  private final Users users;

  @Option(
      names = "--withdraw",
      paramLabel = "ID",
      description = "Make this one open nothing any more.")
  private Optional<String> withdrawn;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Mixin private BoxAccounts box;

  CodesCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      Invitations invitations = open.accounts().invitations();
      withdrawn.ifPresent(id -> invitations.withdraw(Entry.CONSOLE, id));
      List<OpenCode> all = invitations.open();
      if (json) {
        users.json(all.stream().map(AccountJson::code).toList());
      } else if (all.isEmpty()) {
        users.console().error("No code waits to be used.");
      } else {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "FOR", "NAME", "ROLE", "GROUP", "UNTIL"));
        all.forEach(code -> rows.add(row(code)));
        users.table(rows);
      }
    }
    return 0;
  }

  private static List<String> row(OpenCode code) {
    return List.of(
        code.id(),
        code.purpose(),
        code.name().orElse("-"),
        code.role().orElse("-"),
        code.group().orElse("-"),
        code.expires().toString());
  }
}
