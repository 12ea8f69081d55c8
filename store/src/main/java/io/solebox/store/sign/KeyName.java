package io.solebox.store.sign;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a key is called on one machine; a safe name of a file.
 *
 * @param text at most 64 letters, digits, dots, hyphens, underscores; it begins with a letter or a
 *     digit
 */
public record KeyName(String text) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  public KeyName {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("no name of a key: " + text);
    }
  }

  /**
   * Reads a name that a person wrote.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  public static KeyName parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    Printable.name(text),
                    "this is no name of a key",
                    "Take at most 64 letters, digits, '.', '-' and '_', with a letter or a digit"
                        + " first."));
  }

  /** Empty where it is none. */
  static Optional<KeyName> find(String text) {
    return NAME.matcher(text).matches() ? Optional.of(new KeyName(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
