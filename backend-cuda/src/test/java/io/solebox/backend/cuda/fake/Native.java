package io.solebox.backend.cuda.fake;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Reads and writes what a caller's pointers point to. */
final class Native {
  private static final int LONGEST_NAME = 4096;

  private Native() {}

  static void putLong(MemorySegment to, long value) {
    to.reinterpret(8).set(JAVA_LONG, 0, value);
  }

  static void putInt(MemorySegment to, int value) {
    to.reinterpret(4).set(JAVA_INT, 0, value);
  }

  /** Cut to what fits with its terminating zero. */
  static void putText(MemorySegment to, long bytes, String text) {
    if (bytes > 0) {
      int kept = (int) Math.min(text.length(), bytes - 1);
      to.reinterpret(bytes).setString(0, text.substring(0, kept));
    }
  }

  static String text(MemorySegment from) {
    return from.reinterpret(LONGEST_NAME).getString(0);
  }

  static long longAt(MemorySegment from, int index) {
    return from.reinterpret(8L * (index + 1)).getAtIndex(JAVA_LONG, index);
  }

  static int intAt(MemorySegment from, int index) {
    return from.reinterpret(4L * (index + 1)).getAtIndex(JAVA_INT, index);
  }
}
