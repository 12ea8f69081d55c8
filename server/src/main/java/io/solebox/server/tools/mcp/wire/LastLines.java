package io.solebox.server.tools.mcp.wire;

import java.util.ArrayDeque;
import java.util.Deque;

/** What somebody has complained about last. Safe for many threads. */
final class LastLines {
  private static final int MOST = 5;
  private static final int LONGEST = 200;

  private final Deque<String> lines = new ArrayDeque<>(); // guarded by this

  synchronized void add(String line) {
    String plain = line.replaceAll("\\p{Cntrl}+", " ").strip();
    if (!plain.isEmpty()) {
      lines.add(plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain);
    }
    if (lines.size() > MOST) {
      lines.removeFirst();
    }
  }

  synchronized String words() {
    return String.join(" | ", lines);
  }
}
