package io.solebox.app.users;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import picocli.CommandLine.Command;

/** Lets somebody in who asked for it. */
@Command(
    name = "approve",
    description = "Let in somebody who has signed up.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ApproveCommand extends OfOne {

  ApproveCommand(Users users) {
    super(users);
  }

  @Override
  User change(Accounts accounts, User user) {
    return accounts.enable(Entry.CONSOLE, user);
  }

  @Override
  String told(User user) {
    return "may use the server as " + user.role().word();
  }
}
