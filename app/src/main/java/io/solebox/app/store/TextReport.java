package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.StatusLine;
import io.solebox.app.console.Units;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.Printable;
import io.solebox.store.layout.Generation;
import java.time.Duration;
import java.util.Locale;

/** For people: what there is on stdout, how it goes on stderr. */
final class TextReport implements PullReport {
  private static final int CELLS = 30;

  private final Console console;
  private final String name;
  private final StatusLine line;
  private final ProgressBar bar;
  private volatile long bytes;
  private volatile long total;

  /**
   * @param name as the person wrote it, with what goes on from where it was ended
   */
  TextReport(Console console, String name) {
    this.console = console;
    this.name = name;
    this.line = new StatusLine(console);
    this.bar = new ProgressBar(console, name);
  }

  @Override
  public void plan(PullPlan plan) {
    PlanText.lines(plan).forEach(console::println);
    plan.outlook().facts().ifPresent(facts -> facts.notes().forEach(this::note));
  }

  @Override
  public void progress(Standing standing) {
    bytes = standing.bytes();
    total = standing.total();
    line.show(() -> text(standing));
  }

  private static String text(Standing standing) {
    double share = standing.total() == 0 ? 1 : (double) standing.bytes() / standing.total();
    int full = (int) (share * CELLS);
    String speed =
        standing.bytesPerSecond() == 0 ? "" : ", " + Units.bytes(standing.bytesPerSecond()) + "/s";
    return "%s [%s%s] %3d %%, %s of %s%s%s"
        .formatted(
            Printable.name(standing.part().name()),
            "#".repeat(full),
            " ".repeat(CELLS - full),
            (int) (share * 100),
            Units.bytes(standing.bytes()),
            Units.bytes(standing.total()),
            speed,
            standing.rest().map(rest -> ", " + time(rest) + " left").orElse(""));
  }

  private static String time(Duration time) {
    long seconds = time.toSeconds();
    return seconds >= 3600
        ? String.format(Locale.ROOT, "%d:%02d h", seconds / 3600, seconds / 60 % 60)
        : String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
  }

  @Override
  public Progress stage() {
    line.wipe();
    return bar;
  }

  @Override
  public void note(String text) {
    line.wipe();
    console.error("note: " + text);
  }

  @Override
  public void done(String kept, Generation pulled) {
    bar.wipe();
    line.wipe();
    console.println("pulled: " + kept);
    console.error("Run it with: solebox run " + kept);
  }

  @Override
  public void interrupted() {
    line.wipe();
    console.error(
        "solebox: stopped at %s of %s; its pieces that came whole are kept. Go on with: solebox pull %s"
            .formatted(Units.bytes(bytes), Units.bytes(total), name));
  }

  @Override
  public void close() {
    bar.close();
    line.close();
  }
}
