package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.Invitations;
import io.solebox.server.audit.Entry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether people may ask for accounts. */
@Command(
    name = "sign-up",
    description = "Let people ask for accounts by themselves, or no more; each has to be approved.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SignUpCommand implements Callable<Integer> {
  /** What a person writes. */
  enum Switch {
    ON,
    OFF
  }

  private final Users users;

  @Parameters(arity = "0..1", paramLabel = "on|off", description = "Default: tells what is.")
  private Optional<Switch> wanted;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  SignUpCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      Invitations invitations = open.accounts().invitations();
      wanted.ifPresent(on -> invitations.allowSignUp(Entry.CONSOLE, on == Switch.ON));
      boolean allowed = invitations.signUpAllowed();
      if (json) {
        users.json(Map.of("sign_up", allowed));
      } else {
        users.console().println("sign-up is " + (allowed ? "on" : "off"));
      }
    }
    return 0;
  }
}
