package io.solebox.app.quality;

import io.solebox.store.imatrix.ImportanceFiles.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of a reading, for people and programs. */
record ImatrixReport(ImportanceReading reading, SampleText text, Path out, double seconds) {
  /** Matrices that are named one by one; of more, how many. */
  private static final int MOST_NAMED = 8;

  List<String> lines() {
    int tokens = reading.chunks().context();
    return List.of(
        String.format(
            Locale.ROOT,
            "%s: %d matrices, from %d chunk%s of %d tokens of %s, in %.1f s",
            out,
            reading.saved().entries().size(),
            reading.read(),
            reading.read() == 1 ? "" : "s",
            tokens,
            text.name(),
            seconds));
  }

  /** What a person should know of it. */
  List<String> notes() {
    var notes = new ArrayList<String>();
    if (!reading.isWhole()) {
      notes.add(
          "Stopped after %d of %d chunks; %s has them. Go on with --context %d --from %s --skip %d."
              .formatted(
                  reading.next(),
                  reading.chunks().count(),
                  out,
                  reading.chunks().context(),
                  out,
                  reading.next()));
    }
    Map<String, List<Integer>> unused = unused();
    unused.entrySet().stream()
        .limit(MOST_NAMED)
        .forEach(e -> notes.add("%s: nothing came to %s.".formatted(e.getKey(), experts(e))));
    if (unused.size() > MOST_NAMED) {
      notes.add(
          "So it is in %d more matrices; --json names them.".formatted(unused.size() - MOST_NAMED));
    }
    if (!unused.isEmpty()) {
      notes.add(
          "All columns of these experts count alike"
              + (reading.format() == Format.DAT ? ", and this format does not tell them apart" : "")
              + ". A longer text of more kinds may reach them.");
    }
    return notes;
  }

  private static String experts(Map.Entry<String, List<Integer>> unused) {
    String numbers =
        unused.getValue().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return (unused.getValue().size() == 1 ? "expert " : "experts ") + numbers;
  }

  /** By matrix the experts that met nothing, where there are some. */
  private Map<String, List<Integer>> unused() {
    var unused = new TreeMap<String, List<Integer>>();
    reading.saved().entries().forEach((name, entry) -> unused.put(name, entry.unused()));
    unused.values().removeIf(List::isEmpty);
    return unused;
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", out.toString());
    fields.put("text", text.name());
    fields.put("context", reading.chunks().context());
    fields.put("text_chunks", reading.chunks().count());
    fields.put("read_chunks", reading.read());
    fields.put("next_chunk", reading.next());
    fields.put("stopped", !reading.isWhole());
    fields.put("file_chunks", reading.saved().chunks().orElseThrow());
    fields.put("matrices", reading.saved().entries().size());
    fields.put("unused_experts", unused());
    fields.put("seconds", seconds);
    return fields;
  }
}
