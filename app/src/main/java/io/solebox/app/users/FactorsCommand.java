package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.AccountStore;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.factors.FactorRules;
import io.solebox.server.accounts.factors.Factors;
import io.solebox.server.audit.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What people bring beside a password, and who must. */
@Command(
    name = "factors",
    description = "Show who has an authenticator app or passkeys, forget them, and say who must.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class FactorsCommand implements Callable<Integer> {
  private static final String NOBODY = "none";

  private final Users users;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Whose. Default: everybody's.")
  private Optional<String> name;

  @Option(
      names = "--reset",
      description = "Forget the app, recovery codes and passkeys of NAME, as of who has lost them.")
  private boolean reset;

  @Option(
      names = "--remove",
      paramLabel = "WHICH",
      description = "Forget one thing of NAME: app, with its recovery codes, or a passkey's id.")
  private Optional<String> removed;

  @Option(
      names = "--require",
      paramLabel = "WORDS",
      description =
          "Who cannot sign in with a password alone, as in 'role:admin group:staff'; none for"
              + " nobody. Who has no app yet sets it up on the way in.")
  private Optional<String> required;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  FactorsCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    if ((reset || removed.isPresent()) && name.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--reset and --remove take the NAME of whose");
    }
    try (var open = box.open(users.environment())) {
      Factors factors = Factors.of(open);
      required
          .map(words -> words.equals(NOBODY) ? List.<String>of() : Words.of(words))
          .ifPresent(words -> factors.setRules(Entry.CONSOLE, FactorRules.parse(words)));
      AccountStore store = open.accounts().store();
      List<User> whose = name.map(store::named).map(List::of).orElseGet(store::users);
      if (reset) {
        factors.reset(Entry.CONSOLE, whose.getFirst());
      }
      removed.ifPresent(factor -> remove(factors, whose.getFirst(), factor));
      print(factors, whose);
    }
    return 0;
  }

  private static void remove(Factors factors, User user, String factor) {
    if (!factors.remove(Entry.CONSOLE, user, factor)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--remove",
          user.name() + " has no '" + factor + "'.",
          "Name 'app', or the id of a passkey as 'solebox users factors "
              + user.name()
              + "' shows it.");
    }
  }

  private void print(Factors factors, List<User> whose) {
    List<String> rules = factors.rules().words();
    if (json) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("required", rules);
      body.put("users", whose.stream().map(user -> described(user, factors.state(user))).toList());
      users.json(body);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "APP", "RECOVERY CODES", "PASSKEYS", "REQUIRED"));
    for (User user : whose) {
      Factors.State state = factors.state(user);
      rows.add(
          List.of(
              user.name(),
              state.app() ? "yes" : "no",
              Integer.toString(state.recoveryLeft()),
              Integer.toString(state.passkeys().size()),
              state.required() ? "yes" : "no"));
    }
    users.table(rows);
    if (name.isPresent()) {
      passkeys(factors.state(whose.getFirst()));
    }
    users
        .console()
        .println("Required of: " + (rules.isEmpty() ? "nobody" : String.join(" ", rules)));
  }

  private void passkeys(Factors.State state) {
    if (state.passkeys().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PASSKEY", "FOR", "ID"));
    rows.addAll(state.shownPasskeys());
    users.table(rows);
  }

  private static Map<String, Object> described(User user, Factors.State state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", user.name());
    fields.put("app", state.app());
    fields.put("recovery_codes_left", state.recoveryLeft());
    fields.put("passkeys", state.passkeys().size());
    fields.put("required", state.required());
    fields.put("passkey_ids", state.shownPasskeys().stream().map(List::getLast).toList());
    return fields;
  }
}
