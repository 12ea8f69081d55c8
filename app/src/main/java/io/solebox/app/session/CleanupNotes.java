package io.solebox.app.session;

import io.solebox.app.console.Console;
import io.solebox.app.console.Dates;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Units;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.cleanup.Leaver;
import io.solebox.store.layout.ModelStore;
import java.time.Instant;

/** The clean-up beside a command that has brought a model; silent where no rule is set. */
public final class CleanupNotes {
  private CleanupNotes() {}

  /** Lets those leave that are due, and says so on stderr. */
  public static void run(Console console, Environment environment) {
    var store = ModelStore.open(environment.storeFolder());
    report(console, new Cleanup(store, environment.storeFolder()).run(Instant.now()));
  }

  /** On stderr, where a command that does something else runs it. */
  public static void report(Console console, Cleanup.Report report) {
    for (Leaver leaver : report.removed()) {
      console.error(
          "cleanup: removed %s (%s), as announced."
              .formatted(leaver.name(), Units.bytes(leaver.bytes())));
    }
    report
        .announced()
        .forEach(
            (leaver, when) ->
                console.error(
                    "cleanup: %s (%s) will leave after %s, %s; 'solebox models pin %s' keeps it."
                        .formatted(
                            leaver.name(),
                            Units.bytes(leaver.bytes()),
                            Dates.minute(when),
                            why(leaver.reason()),
                            leaver.name())));
  }

  private static String why(Leaver.Reason reason) {
    return switch (reason) {
      case UNUSED -> "since nobody uses it";
      case TOO_MUCH -> "since the models are larger than they may be";
      case DISK_NEARLY_FULL -> "since the disk is nearly full";
    };
  }
}
