package io.solebox.app.users;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What somebody may do. */
@Command(
    name = "role",
    description = "Make somebody an admin, a user or a viewer; they sign in anew.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RoleCommand extends OfOne {
  @Parameters(
      arity = "1",
      index = "1",
      paramLabel = "ROLE",
      description =
          "admin changes the server for everybody, user asks models, viewer sees what there is.")
  private String role;

  RoleCommand(Users users) {
    super(users);
  }

  @Override
  User change(Accounts accounts, User user) {
    return accounts.setRole(Entry.CONSOLE, user, Role.of(role));
  }

  @Override
  String told(User user) {
    return "is now " + user.role().word();
  }
}
