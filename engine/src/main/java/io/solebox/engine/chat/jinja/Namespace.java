package io.solebox.engine.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The only thing that a template can change from inside a loop or a macro. */
final class Namespace {
  private final Map<Text, Object> attributes = new LinkedHashMap<>();

  Map<Text, Object> attributes() {
    return attributes;
  }
}
