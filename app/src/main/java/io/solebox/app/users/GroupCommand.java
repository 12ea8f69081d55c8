package io.solebox.app.users;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whose models and limits are somebody's. */
@Command(
    name = "group",
    description = "Put somebody into a group, or with none into no group.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GroupCommand extends OfOne {
  @Parameters(
      arity = "0..1",
      index = "1",
      paramLabel = "GROUP",
      description = "As 'solebox users groups ls' has it. Default: none.")
  private Optional<String> group;

  GroupCommand(Users users) {
    super(users);
  }

  @Override
  User change(Accounts accounts, User user) {
    return accounts.setGroup(Entry.CONSOLE, user, group);
  }

  @Override
  String told(User user) {
    return user.group().map(its -> "is in " + its).orElse("is in no group");
  }
}
