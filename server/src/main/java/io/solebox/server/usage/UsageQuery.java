package io.solebox.server.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which sums of usage are wanted.
 *
 * @param by what they are told apart by; none for one sum of all
 * @param from the first day, as in {@code 2026-03-01}
 * @param payer whose usage alone; empty for everybody's
 */
public record UsageQuery(List<By> by, String from, Optional<String> payer) {
  /** Before every day. */
  public static final String EVER = "0000-01-01";

  /** What usage can be told apart by. */
  public enum By {
    USER("payer"),
    KEY("api_key"),
    GROUP("user_group"),
    MODEL("model"),
    DAY("day");

    private final String column;

    By(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }

    /** As people and programs write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The one of a word. */
    public static Optional<By> named(String word) {
      return Arrays.stream(values()).filter(by -> by.word().equals(word)).findFirst();
    }

    /** All words, for people. */
    public static String words() {
      return Arrays.stream(values()).map(By::word).collect(Collectors.joining(", "));
    }
  }

  public UsageQuery {
    by = List.copyOf(by);
  }
}
