package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.Invitations;
import io.solebox.server.accounts.Role;
import io.solebox.server.audit.Entry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an invitation. */
@Command(
    name = "invite",
    description = "Print a code with which somebody makes an account of their own.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class InviteCommand implements Callable<Integer> {
  private final Users users;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "What they are called. Default: they choose.")
  private Optional<String> name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "user",
      description = "admin, user or viewer. Default: ${DEFAULT-VALUE}.")
  private String role;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Whose models and limits will be theirs.")
  private Optional<String> group;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description = "How long it is good, as in 12h or 3d. Default: 7d.")
  private Optional<Duration> expires;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  InviteCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      var wish = new Invitations.Wish(name, Role.of(role), group);
      var made =
          open.accounts()
              .invitations()
              .invite(Entry.CONSOLE, wish, expires.orElse(Invitations.usualLife()));
      users.code(made, name.orElse("Somebody") + " gets an account", "/auth/invitation", json);
    }
    return 0;
  }
}
