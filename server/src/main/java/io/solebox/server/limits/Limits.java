package io.solebox.server.limits;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What somebody may use of a server; what is empty has no bound.
 *
 * @param requestsPerMinute that use a model
 * @param concurrent requests that use a model at the same time
 * @param tokensPerMinute of prompts and answers together, as {@code tokensPerDay}
 * @param weight of his share of a model when several want it at once; 1 where it is empty
 * @param background whether all that he asks for yields to others
 */
public record Limits(
    OptionalLong requestsPerMinute,
    OptionalLong concurrent,
    OptionalLong tokensPerMinute,
    OptionalLong tokensPerDay,
    OptionalDouble weight,
    boolean background) {
  /** No bounds. */
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          false);

  /** The words that {@link #parse} knows, for people. */
  public static final String WORDS = "rpm=N, concurrent=N, tpm=N, tpd=N, weight=X and background";

  private static final String BACKGROUND = "background";
  private static final Set<String> NAMES =
      Set.of("rpm", "concurrent", "tpm", "tpd", "weight", BACKGROUND);
  private static final long MOST = 1_000_000_000_000L;
  private static final double MOST_WEIGHT = 1000;
  private static final String REMEDY =
      "Write %s, each once, as in: rpm=60 concurrent=4 tpm=20000 tpd=1000000.".formatted(WORDS);

  /** Whether a word is meant for {@link #parse}, whatever is wrong with its value. */
  public static boolean knows(String word) {
    int equals = word.indexOf('=');
    return NAMES.contains(equals < 0 ? word : word.substring(0, equals));
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
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Optional<String> value =
          equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
      if (!names.add(name)) {
        throw bad(place, "'%s' appears twice.".formatted(name));
      }
      limits = limits.with(name, value, word, place);
    }
    return limits;
  }

  private Limits with(String name, Optional<String> value, String word, String place) {
    if (name.equals(BACKGROUND) && value.isEmpty()) {
      return new Limits(requestsPerMinute, concurrent, tokensPerMinute, tokensPerDay, weight, true);
    }
    String given = value.orElseThrow(() -> bad(place, "'%s' is no limit.".formatted(word)));
    return switch (name) {
      case "rpm" ->
          new Limits(
              whole(given, word, place),
              concurrent,
              tokensPerMinute,
              tokensPerDay,
              weight,
              background);
      case "concurrent" ->
          new Limits(
              requestsPerMinute,
              whole(given, word, place),
              tokensPerMinute,
              tokensPerDay,
              weight,
              background);
      case "tpm" ->
          new Limits(
              requestsPerMinute,
              concurrent,
              whole(given, word, place),
              tokensPerDay,
              weight,
              background);
      case "tpd" ->
          new Limits(
              requestsPerMinute,
              concurrent,
              tokensPerMinute,
              whole(given, word, place),
              weight,
              background);
      case "weight" ->
          new Limits(
              requestsPerMinute,
              concurrent,
              tokensPerMinute,
              tokensPerDay,
              weight(given, word, place),
              background);
      default -> throw bad(place, "'%s' is no limit.".formatted(word));
    };
  }

  private static OptionalLong whole(String given, String word, String place) {
    try {
      long value = Long.parseLong(given);
      if (value >= 1 && value <= MOST) {
        return OptionalLong.of(value);
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw bad(place, "'%s' must have a whole number of 1 to %d.".formatted(word, MOST));
  }

  private static OptionalDouble weight(String given, String word, String place) {
    try {
      double value = Double.parseDouble(given);
      if (value >= 1 / MOST_WEIGHT && value <= MOST_WEIGHT) {
        return OptionalDouble.of(value);
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw bad(place, "'%s' must have a number of 0.001 to 1000.".formatted(word));
  }

  private static SoleboxException bad(String place, String message) {
    return new SoleboxException(ErrorCode.INVALID_PARAMETER, place, message, REMEDY);
  }

  /** As {@link #parse} reads them; {@code none} where nothing is bounded. */
  public String words() {
    List<String> words = new ArrayList<>();
    requestsPerMinute.ifPresent(most -> words.add("rpm=" + most));
    concurrent.ifPresent(most -> words.add("concurrent=" + most));
    tokensPerMinute.ifPresent(most -> words.add("tpm=" + most));
    tokensPerDay.ifPresent(most -> words.add("tpd=" + most));
    weight.ifPresent(its -> words.add("weight=" + its));
    if (background) {
      words.add(BACKGROUND);
    }
    return words.isEmpty() ? "none" : String.join(" ", words);
  }

  /** These, and of another what these leave open. */
  public Limits or(Limits other) {
    return new Limits(
        requestsPerMinute.isPresent() ? requestsPerMinute : other.requestsPerMinute,
        concurrent.isPresent() ? concurrent : other.concurrent,
        tokensPerMinute.isPresent() ? tokensPerMinute : other.tokensPerMinute,
        tokensPerDay.isPresent() ? tokensPerDay : other.tokensPerDay,
        weight.isPresent() ? weight : other.weight,
        background || other.background);
  }
}
