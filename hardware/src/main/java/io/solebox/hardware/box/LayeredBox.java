package io.solebox.hardware.box;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A machine, with texts at its root that somebody else knows of it, as in {@code
 * board-status.json}; they stand in front of files of those names.
 *
 * @param texts by their names
 */
public record LayeredBox(Box machine, Map<String, String> texts) implements Box {
  public LayeredBox {
    texts = Map.copyOf(texts);
  }

  @Override
  public Reading read(String path) {
    String text = texts.get(path);
    return text == null
        ? machine.read(path)
        : new Reading.Content(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<String> names(String folder) {
    List<String> names = machine.names(folder);
    return folder.isEmpty()
        ? Stream.concat(names.stream(), texts.keySet().stream()).distinct().sorted().toList()
        : names;
  }

  @Override
  public Optional<String> link(String path) {
    return machine.link(path);
  }
}
