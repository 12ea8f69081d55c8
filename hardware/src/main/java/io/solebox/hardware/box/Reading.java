package io.solebox.hardware.box;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What was found at a path of a machine. */
public sealed interface Reading {
  /** There is nothing at this path. */
  record Absent() implements Reading {}

  /**
   * There is something, and it cannot be read.
   *
   * @param why in words, as in {@code root is needed}
   */
  record Unreadable(String why) implements Reading {}

  /** What is there. */
  final class Content implements Reading {
    private final byte[] bytes;

    /**
     * @param bytes are the reading's from here on
     */
    public Content(byte[] bytes) {
      this.bytes = bytes;
    }

    public byte[] bytes() {
      return bytes.clone();
    }

    /** As text; what is no UTF-8 is replaced. */
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Without their ends. */
    public List<String> lines() {
      return text().lines().toList();
    }
  }

  /** The content, where there is one. */
  default Optional<Content> content() {
    return this instanceof Content content ? Optional.of(content) : Optional.empty();
  }

  /** The content as one stripped text, where there is one; as most files of sysfs are read. */
  default Optional<String> word() {
    return content().map(content -> content.text().strip());
  }
}
