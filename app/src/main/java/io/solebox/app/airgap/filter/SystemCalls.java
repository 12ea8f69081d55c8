package io.solebox.app.airgap.filter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** The table of system calls ({@code syscalls.txt}), as one architecture numbers them. */
public final class SystemCalls {
  private static final String TABLE = "syscalls.txt";

  /** The section whose calls have rules of their own, named as they are. */
  private static final String ARGUMENTS = "arguments";

  private final Map<String, Integer> numbers = new HashMap<>();
  private final SortedMap<Integer, Verdict> verdicts = new TreeMap<>();

  private SystemCalls() {}

  public static SystemCalls of(Architecture architecture) {
    var calls = new SystemCalls();
    String section = "";
    for (String line : table().lines().toList()) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        calls.add(line.split(" "), section, architecture);
      }
    }
    return calls;
  }

  private void add(String[] row, String section, Architecture architecture) {
    String number =
        switch (architecture) {
          case X86_64 -> row[1];
          case ARM64 -> row[2];
        };
    if (number.equals("-")) {
      return;
    }
    String word = section.equals(ARGUMENTS) ? row[0] : section;
    Verdict verdict = Verdict.valueOf(word.toUpperCase(Locale.ROOT));
    numbers.put(row[0], Integer.valueOf(number));
    Verdict before = verdicts.put(Integer.valueOf(number), verdict);
    assert before == null : "two calls have the number " + number + " of " + row[0];
  }

  private static String table() {
    try (InputStream in = SystemCalls.class.getResourceAsStream(TABLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The number of a call that every architecture has.
   *
   * @throws IllegalArgumentException if this one has none
   */
  public int number(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no call " + name));
  }

  /** The number of a call, where this architecture has it. */
  public OptionalInt find(String name) {
    Integer number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** All calls of the table by their numbers. */
  Map<String, Integer> numbers() {
    return Map.copyOf(numbers);
  }

  /** What becomes of each number; of those that are not in it, {@link Verdict#ABSENT}. */
  SortedMap<Integer, Verdict> verdicts() {
    return verdicts;
  }
}
