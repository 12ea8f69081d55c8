package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.Entry;
import io.solebox.server.storage.HandOver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives somebody an account. */
@Command(
    name = "add",
    description = "Give somebody an account; a code is printed with which they choose a password.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AddCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(arity = "1", paramLabel = "NAME", description = "What to call them.")
  private String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "user",
      description = "admin, user or viewer. Default: ${DEFAULT-VALUE}.")
  private String role;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Whose models and limits are theirs.")
  private Optional<String> group;

  @Option(
      names = "--password-stdin",
      description = "Take the first line of stdin as the password; no code is made then.")
  private boolean passwordStdin;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  AddCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<String> password =
        passwordStdin ? Optional.of(FirstLine.of(users.console().in())) : Optional.empty();
    try (var open = box.open(users.environment())) {
      Accounts accounts = open.accounts();
      User user = accounts.add(Entry.CONSOLE, NewUser.active(name, Role.of(role), group), password);
      Map<String, Long> handedOver = accounts.handedOver(user);
      Map<String, Object> fields = AccountJson.user(user);
      fields.put("handed_over", handedOver);
      if (password.isEmpty()) {
        var code = accounts.invitations().reset(Entry.CONSOLE, user);
        fields.put("code", code.code());
        fields.put("expires", code.expires().toString());
        if (!json) {
          users.code(code, user.name() + " chooses a password", "/auth/reset", false);
        }
      }
      if (json) {
        users.json(fields);
      } else {
        users
            .console()
            .error(
                "%s has an account as %s%s"
                    .formatted(user.name(), user.role().word(), HandOver.told(handedOver)));
      }
    }
    return 0;
  }
}
