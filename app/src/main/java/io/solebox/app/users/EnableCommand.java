package io.solebox.app.users;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import picocli.CommandLine.Command;

/** Lets somebody in again. */
@Command(
    name = "enable",
    description = "Let in somebody again who was disabled.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EnableCommand extends OfOne {

  EnableCommand(Users users) {
    super(users);
  }

  @Override
  User change(Accounts accounts, User user) {
    return accounts.enable(Entry.CONSOLE, user);
  }

  @Override
  String told(User user) {
    return "may use the server again";
  }
}
