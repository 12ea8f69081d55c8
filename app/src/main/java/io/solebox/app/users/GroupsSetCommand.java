package io.solebox.app.users;

import io.solebox.app.session.BoxAccounts;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.Group;
import io.solebox.server.audit.Entry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a group. */
@Command(
    name = "set",
    description = "Make a group, or change what is named of one.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GroupsSetCommand implements Callable<Integer> {
  private static final int MOST_DAYS = 36_500;
  private static final String AS_THE_SERVER = "server";

  private final Users users;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1", paramLabel = "NAME", description = "What to call it.")
  private String name;

  @Option(
      names = "--models",
      paramLabel = "GLOBS",
      description =
          "Models that its members may use, as in 'qwen3* llama?'; others are not there for them."
              + " '*' for all.")
  private Optional<String> models;

  @Option(
      names = "--limits",
      paramLabel = "WORDS",
      description =
          "Limits of each member who has none of their own, as in 'rpm=60 tpd=1000000'. weight=X"
              + " says how much of a model each is due beside others, and background lets all"
              + " others go before. '' for none.")
  private Optional<String> limits;

  @Option(
      names = "--shared-limits",
      paramLabel = "WORDS",
      description = "Limits of all members together. '' for none.")
  private Optional<String> shared;

  @Option(
      names = "--keep",
      paramLabel = "DAYS",
      description =
          "How long their texts are kept: 0 for not at all, 'server' for as long as the server"
              + " says.")
  private Optional<String> keep;

  @Option(names = "--json", description = "Print the group as one JSON object.")
  private boolean json;

  @Mixin private BoxAccounts box;

  GroupsSetCommand(Users users) {
    this.users = users;
  }

  @Override
  public Integer call() {
    try (var open = box.open(users.environment())) {
      Group before = open.accounts().store().group(name).orElse(Group.open(name));
      Group group = before;
      group = models.map(Words::of).map(group::withModels).orElse(group);
      group = limits.map(Words::of).map(group::withLimits).orElse(group);
      group = shared.map(Words::of).map(group::withShared).orElse(group);
      group = keep.map(this::time).map(group::withKeep).orElse(group);
      open.accounts().set(Entry.CONSOLE, group);
      if (json) {
        users.json(AccountJson.group(group));
      } else {
        users.console().println("set " + group.name());
      }
    }
    return 0;
  }

  private Optional<Duration> time(String text) {
    if (text.equals(AS_THE_SERVER)) {
      return Optional.empty();
    }
    try {
      int days = Integer.parseInt(text);
      if (days >= 0 && days <= MOST_DAYS) {
        return Optional.of(Duration.ofDays(days));
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--keep is '%s', but must be 0 to %d, or 'server'".formatted(text, MOST_DAYS));
  }
}
