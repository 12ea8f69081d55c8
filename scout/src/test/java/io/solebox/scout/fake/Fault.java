package io.solebox.scout.fake;

import java.util.Map;

/** What goes wrong with one answer. */
public sealed interface Fault {
  /** Nothing does. */
  record None() implements Fault {}

  /** An answer of this status instead. */
  record Status(int status, Map<String, String> headers, String body) implements Fault {
    public Status(int status) {
      this(status, Map.of(), "");
    }
  }

  /** The connection breaks off after so many bytes of the body. */
  record BreakOff(int bytes) implements Fault {}

  /** The body ends after so many bytes, as if that were all. */
  record Cut(int bytes) implements Fault {}

  /** Something happens before the answer is made, as that a thing is put up for sale. */
  record After(Runnable happening) implements Fault {}

  /** The body, with a text of it replaced. */
  record Replaced(String text, String by) implements Fault {}
}
