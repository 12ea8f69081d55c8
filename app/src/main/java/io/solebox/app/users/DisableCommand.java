package io.solebox.app.users;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import picocli.CommandLine.Command;

/** Lets somebody in no more. */
@Command(
    name = "disable",
    description = "Let somebody in no more, at once; what is theirs stays.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DisableCommand extends OfOne {

  DisableCommand(Users users) {
    super(users);
  }

  @Override
  User change(Accounts accounts, User user) {
    return accounts.disable(Entry.CONSOLE, user);
  }

  @Override
  String told(User user) {
    return "is let in no more; 'solebox users enable' changes that";
  }
}
