package io.solebox.reader;

import io.solebox.reader.SafeXml.Attributes;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Which styles of a document of Word are those of headings (ECMA-376, part 1: 17.7, 17.3.1.20). */
final class WordStyles implements SafeXml.Handler {
  /** Of styles upon styles; one that is upon itself ends there. */
  private static final int MOST_STEPS = 20;

  private final Map<String, OptionalInt> levels = new HashMap<>();
  private final Map<String, String> bases = new HashMap<>();
  private String current = "";

  @Override
  public void start(String name, Attributes attributes) {
    switch (name) {
      case "style" -> current = attributes.of("styleId");
      case "basedOn" -> bases.put(current, attributes.of("val"));
      case "outlineLvl" -> levels.put(current, OfficeText.level(attributes.of("val")));
      case "name" -> {
        if (attributes.of("val").equals("Title")) {
          levels.put(current, OptionalInt.of(0));
        }
      }
      default -> {
        // how it looks
      }
    }
  }

  @Override
  public void text(String text) {
    // all is in attributes
  }

  @Override
  public void end(String name) {
    // as above
  }

  /** From 0; absent of a style that is no heading's. */
  OptionalInt level(String style) {
    String at = style;
    for (int i = 0; i < MOST_STEPS && !at.isEmpty(); i++) {
      if (levels.containsKey(at)) {
        return levels.get(at);
      }
      at = bases.getOrDefault(at, "");
    }
    return OptionalInt.empty();
  }
}
