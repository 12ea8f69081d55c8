package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.Pull;
import io.solebox.store.pull.source.Variant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  public void plan(Pull.Order order, Optional<Facts> facts, long missingBytes) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", order.name().toString());
    fields.put("source", order.offer().place());
    fields.put("revision", order.offer().revision());
    fields.putAll(variant(order.variant()));
    order.chosenBecause().ifPresent(why -> fields.put("chosen_because", why));
    order.offer().licence().ifPresent(licence -> fields.put("license", licence));
    fields.put("missing_bytes", missingBytes);
    facts.ifPresent(known -> facts(known, fields));
    fields.put(
        "alternatives",
        Choice.bySize(order.offer().variants()).stream()
            .filter(other -> !other.equals(order.variant()))
            .map(JsonReport::variant)
            .toList());
    line("plan", fields);
  }

  private static Map<String, Object> variant(Variant variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("variant", variant.label());
    variant.quantization().ifPresent(q -> fields.put("quantization", q.name()));
    fields.put("bytes", variant.bytes());
    fields.put("files", List.copyOf(variant.parts().stream().map(p -> p.path()).toList()));
    variant.quantization().flatMap(q -> q.loss()).ifPresent(l -> fields.put("perplexity_loss", l));
    return fields;
  }

  private static void facts(Facts facts, Map<String, Object> fields) {
    fields.put("architecture", facts.architecture());
    fields.put("parameters", facts.parameters());
    fields.put("trained_context", (long) facts.context());
    fields.put("chat_template", facts.template());
    facts
        .needs()
        .ifPresent(
            needs -> {
              fields.put("needed_bytes", needs.neededBytes());
              fields.put("free_bytes", needs.freeBytes());
              fields.put("fits", needs.fits());
            });
    fields.put("notes", facts.notes());
  }

  @Override
  public void progress(Standing standing) {
    boolean last = standing.bytes() == standing.total();
    if (!last && System.nanoTime() - nextNanos < 0) {
      return;
    }
    nextNanos = System.nanoTime() + STEP_NANOS;
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", standing.file());
    fields.put("bytes", standing.bytes());
    fields.put("total", standing.total());
    fields.put("bytes_per_second", standing.bytesPerSecond());
    standing.rest().ifPresent(rest -> fields.put("seconds_left", rest.toSeconds()));
    line("progress", fields);
  }

  @Override
  public void note(String text) {
    line("note", Map.of("text", text));
  }

  @Override
  public void done(ModelName name, Generation pulled) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", name.toString());
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
