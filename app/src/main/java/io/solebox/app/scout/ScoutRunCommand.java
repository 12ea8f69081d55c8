package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.scout.run.Assembly;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.source.ebay.DeletionNotices;
import io.solebox.storage.Database;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Watches until it is ended. */
@Command(
    name = "run",
    description =
        "Watch until this is ended, which may be at any moment: nothing is lost then, and nothing"
            + " is told twice.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutRunCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  ScoutRunCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    ScoutSettings settings = place.settings(console, environment);
    ScoutPlace.network(environment);
    Round round = new Round(console, environment, settings, PlannedBox.outlooks(settings), _ -> {});
    try (Database database = place.open(environment);
        Assembly assembly = round.with(database)) {
      Optional<DeletionNotices> notices = assembly.notices();
      notices.ifPresent(
          each -> console.errorFaint("eBay's notices are waited for at " + each.address()));
      try {
        assembly.scout(assembly.ways()).run();
      } finally {
        notices.ifPresent(DeletionNotices::close);
      }
    }
    return 0;
  }
}
