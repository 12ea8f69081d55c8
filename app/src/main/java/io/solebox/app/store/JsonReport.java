package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.engine.backend.Progress;
import io.solebox.store.layout.Generation;
import java.util.LinkedHashMap;
import java.util.Map;

/** For scripts: one JSON object on each line of stdout, told apart by {@code event}. */
final class JsonReport implements PullReport {
  private static final long STEP_NANOS = 250_000_000;

  private final Console console;
  private long nextNanos = System.nanoTime();

  JsonReport(Console console) {
    this.console = console;
  }

  private void line(String event, Map<String, Object> fields) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("event", event);
    all.putAll(fields);
    console.println(Json.text(all));
  }

  @Override
  public void plan(PullPlan plan) {
    line("plan", PlanJson.fields(plan));
  }

  @Override
  public void progress(Standing standing) {
    boolean last = standing.bytes() == standing.total();
    if (!last && System.nanoTime() - nextNanos < 0) {
      return;
    }
    nextNanos = System.nanoTime() + STEP_NANOS;
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", standing.part().name());
    fields.put("bytes", standing.bytes());
    fields.put("total", standing.total());
    fields.put("bytes_per_second", standing.bytesPerSecond());
    standing.rest().ifPresent(rest -> fields.put("seconds_left", rest.toSeconds()));
    line("progress", fields);
  }

  @Override
  public Progress stage() {
    return new Progress() {
      @Override
      public void report(String stage, double fraction) {
        stage(stage, fraction);
      }

      @Override
      public boolean cancelled() {
        return false;
      }
    };
  }

  private synchronized void stage(String stage, double fraction) {
    if (fraction >= 1 || System.nanoTime() - nextNanos >= 0) {
      nextNanos = System.nanoTime() + STEP_NANOS;
      line("stage", Map.of("stage", stage, "fraction", fraction));
    }
  }

  @Override
  public void note(String text) {
    line("note", Map.of("text", text));
  }

  @Override
  public void done(String name, Generation pulled) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", name);
    fields.put("digest", pulled.manifest().digest().toString());
    fields.put("bytes", pulled.manifest().size());
    fields.put("generation", (long) pulled.number());
    line("done", fields);
  }

  @Override
  public void interrupted() {
    line("interrupted", Map.of());
  }

  @Override
  public void close() {}
}
