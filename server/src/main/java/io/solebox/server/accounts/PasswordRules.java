package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which passwords are taken: long ones that are not among the first to be guessed. What they are
 * made of is everybody's own business (<a
 * href="https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en">OWASP ASVS 5.0</a>, 6.2).
 */
final class PasswordRules {
  static final int SHORTEST = 12;
  static final int LONGEST = 256;

  /** So many different characters at least; "aaaaaaaaaaaa" is long, too. */
  private static final int FEWEST_DIFFERENT = 5;

  /** What is left when names and common words are taken out must still be worth guessing. */
  private static final int SHORTEST_REST = 5;

  private static final Set<String> COMMON = common();

  private PasswordRules() {}

  private static Set<String> common() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                PasswordRules.class.getResourceAsStream("common-passwords.txt"),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param user whose it is to be
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is not taken
   */
  static void check(String password, String user) {
    int length = password.codePointCount(0, password.length());
    if (length < SHORTEST) {
      throw bad("It has %d characters, but at least %d are needed.".formatted(length, SHORTEST));
    }
    if (length > LONGEST) {
      throw bad("It has %d characters, but at most %d are taken.".formatted(length, LONGEST));
    }
    String lower = password.toLowerCase(Locale.ROOT);
    if (lower.codePoints().distinct().count() < FEWEST_DIFFERENT || isRun(lower)) {
      throw bad("It repeats itself.");
    }
    String rest = lower.replace(Names.folded(user), "").replace("solebox", "");
    if (rest.length() < SHORTEST_REST) {
      throw bad("It is made of your name.");
    }
    if (isCommon(lower)) {
      throw bad("It is among the first that others would guess.");
    }
  }

  /** One after the other, as in {@code 123456789012}. */
  private static boolean isRun(String text) {
    for (int i = 1; i < text.length(); i++) {
      int step = text.charAt(i) - text.charAt(i - 1);
      boolean around = text.charAt(i) == '0' && text.charAt(i - 1) == '9';
      if (step != 1 && !around) {
        return false;
      }
    }
    return true;
  }

  /** A common one, or one with digits and marks around it, or one twice or more. */
  private static boolean isCommon(String lower) {
    String bare = lower.replaceAll("^[^\\p{L}]+|[^\\p{L}]+$", "");
    return COMMON.contains(lower) || COMMON.contains(bare) || isRepeated(lower);
  }

  private static boolean isRepeated(String text) {
    for (int part = 1; part <= text.length() / 2; part++) {
      String repeated = text.substring(0, part).repeat(text.length() / part + 1);
      if (repeated.startsWith(text)) {
        return true;
      }
    }
    return false;
  }

  private static SoleboxException bad(String message) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "password",
        message,
        "Take a longer one that nobody would guess, as several words that have nothing to do with"
            + " each other.");
  }
}
