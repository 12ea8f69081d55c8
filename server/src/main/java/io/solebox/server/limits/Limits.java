package io.solebox.server.limits;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What somebody may use of a server; what is empty has no bound.
 *
 * @param most that each bound allows, where there is one
 * @param weight of his share of a model when several want it at once; 1 where it is empty
 * @param background whether all that he asks for yields to others
 */
public record Limits(Map<Bound, Long> most, OptionalDouble weight, boolean background) {
  /** No bounds. */
  public static final Limits NONE = new Limits(Map.of(), OptionalDouble.empty(), false);

  private static final String WEIGHT = "weight";
  private static final String BACKGROUND = "background";

  /** The words that {@link #parse} knows, for people. */
  public static final String WORDS =
      Arrays.stream(Bound.values())
              .map(bound -> bound.word() + "=N")
              .collect(Collectors.joining(", "))
          + ", weight=X and background";

  private static final long MOST = 1_000_000_000_000L;
  private static final double MOST_WEIGHT = 1000;
  private static final String REMEDY =
      "Write %s, each once, as in: rpm=60 concurrent=4 tpm=20000 tpd=1000000.".formatted(WORDS);

  public Limits {
    Map<Bound, Long> copy = new EnumMap<>(Bound.class);
    copy.putAll(most);
    most = Collections.unmodifiableMap(copy);
  }

  /** Whether a word is meant for {@link #parse}, whatever is wrong with its value. */
  public static boolean knows(String word) {
    String name = name(word);
    return name.equals(WEIGHT) || name.equals(BACKGROUND) || Bound.named(name).isPresent();
  }

  private static String name(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }

  /**
   * Reads words such as {@code rpm=60}, {@code concurrent=4}, {@code tpm=20000}, {@code
   * tpd=1000000}, {@code weight=2} and {@code background}.
   *
   * @param place where they stand, for the message
   * @throws SoleboxException if one is unknown, has no value that it can have, or appears twice
   */
  public static Limits parse(List<String> words, String place) {
    Limits limits = NONE;
    Set<String> names = new HashSet<>();
    for (String word : words) {
      if (!names.add(name(word))) {
        throw bad(place, "'%s' appears twice.".formatted(name(word)));
      }
      limits = limits.with(word, place);
    }
    return limits;
  }

  private Limits with(String word, String place) {
    if (word.equals(BACKGROUND)) {
      return new Limits(most, weight, true);
    }
    String name = name(word);
    String given = word.substring(Math.min(word.length(), name.length() + 1));
    if (name.equals(WEIGHT)) {
      return new Limits(most, OptionalDouble.of(weight(given, word, place)), background);
    }
    Bound bound =
        Bound.named(name).orElseThrow(() -> bad(place, "'%s' is no limit.".formatted(word)));
    Map<Bound, Long> more = new EnumMap<>(Bound.class);
    more.putAll(most);
    more.put(bound, whole(given, word, place));
    return new Limits(more, weight, background);
  }

  private static long whole(String given, String word, String place) {
    try {
      long value = Long.parseLong(given);
      if (value >= 1 && value <= MOST) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw bad(place, "'%s' must have a whole number of 1 to %d.".formatted(word, MOST));
  }

  private static double weight(String given, String word, String place) {
    try {
      double value = Double.parseDouble(given);
      if (value >= 1 / MOST_WEIGHT && value <= MOST_WEIGHT) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw bad(place, "'%s' must have a number of 0.001 to 1000.".formatted(word));
  }

  private static SoleboxException bad(String place, String message) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place, message, REMEDY);
  }

  /** What a bound allows; empty where there is none. */
  public OptionalLong most(Bound bound) {
    return Optional.ofNullable(most.get(bound)).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  /** As {@link #parse} reads them; {@code none} where nothing is bounded. */
  public String words() {
    List<String> words = new ArrayList<>();
    most.forEach((bound, value) -> words.add(bound.word() + "=" + value));
    weight.ifPresent(its -> words.add("weight=" + its));
    if (background) {
      words.add(BACKGROUND);
    }
    return words.isEmpty() ? "none" : String.join(" ", words);
  }

  /** These, and of another what these leave open. */
  public Limits or(Limits other) {
    Map<Bound, Long> both = new EnumMap<>(Bound.class);
    both.putAll(other.most);
    both.putAll(most);
    return new Limits(
        both, weight.isPresent() ? weight : other.weight, background || other.background);
  }
}
