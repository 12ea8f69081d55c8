package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.scout.judge.Outlooks;
import io.solebox.scout.run.Assembly;
import io.solebox.scout.run.Decision;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.storage.Database;
import java.time.InstantSource;
import java.util.function.Consumer;

/** What commands make a scout of. */
record Round(
    Console console,
    Environment environment,
    ScoutSettings settings,
    Outlooks outlooks,
    Consumer<Decision> decided) {

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code OFFLINE} where no connection may be
   *     opened
   */
  Assembly with(Database database) {
    InstantSource clock = InstantSource.system();
    return new Assembly(
        settings,
        new Assembly.Surroundings(
            environment.variables(),
            database,
            ScoutPlace.network(environment),
            clock,
            outlooks,
            new RoundReport(console, clock, settings.general().calm().zone()),
            decided));
  }
}
