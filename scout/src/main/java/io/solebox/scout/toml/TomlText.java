package io.solebox.scout.toml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** One text of TOML, and all that is wrong with it. */
public final class TomlText {
  /** No file of settings that people write is longer. */
  public static final int MOST_BYTES = 1 << 20;

  private final List<Mistake> mistakes = new ArrayList<>();
  private final ObjectNode root;
  private final Places places;

  private TomlText(String text) {
    ObjectNode read = new TomlMapper().createObjectNode();
    Places found = Places.of("");
    try {
      JsonNode node = new TomlMapper().readTree(text);
      if (node instanceof ObjectNode object) {
        read = object;
        found = Places.of(text);
      }
    } catch (JacksonException e) {
      var place = e.getLocation();
      mistakes.add(
          new Mistake(
              place == null ? 1 : Math.max(1, place.getLineNr()),
              place == null ? 1 : Math.max(1, place.getColumnNr()),
              "this is no TOML: " + e.getOriginalMessage() + "; what follows was not looked at"));
    }
    root = read;
    places = found;
  }

  /** Reads a text; it never fails, but may have mistakes. */
  public static TomlText of(String text) {
    return new TomlText(text);
  }

  /**
   * Reads a file of UTF-8.
   *
   * @throws IOException if it cannot be read, or is no text of a sensible length
   */
  public static String content(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it is longer than " + MOST_BYTES + " bytes");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** All of it, as one table. */
  public TomlTable table() {
    return new TomlTable(root, List.of(), places, mistakes);
  }

  /** What was found wrong until now, as the file is read. */
  public List<Mistake> mistakes() {
    return mistakes.stream().sorted(Mistake.IN_ORDER).distinct().toList();
  }
}
