package io.solebox.app.users;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What somebody may use. */
@Command(
    name = "limits",
    description = "Hold somebody to limits of their own, or with none to those of the group.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LimitsCommand extends OfOne {
  @Parameters(
      arity = "0..*",
      index = "1..*",
      paramLabel = "WORDS",
      description = "As in rpm=60 concurrent=4 tpm=20000 tpd=1000000 weight=2. Default: none.")
  private List<String> words = List.of();

  LimitsCommand(Users users) {
    super(users);
  }

  @Override
  User change(Accounts accounts, User user) {
    return accounts.setLimits(Entry.CONSOLE, user, words);
  }

  @Override
  String told(User user) {
    return user.limits().isEmpty()
        ? "has no limits of their own"
        : "is held to " + String.join(" ", user.limits());
  }
}
