package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of people, groups and keys. */
final class Names {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,63}");

  private Names() {}

  /**
   * @param what is named, for the message
   * @throws SoleboxException {@code INVALID_PARAMETER} if nothing can be called so
   */
  static String check(String name, String what) {
    if (!NAME.matcher(name).matches()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          what,
          "The name has 1 to 64 letters, digits and ._@+-, and begins with a letter or a digit.",
          "Choose another name.");
    }
    return name;
  }

  /** Names that differ no more than this are one person's. */
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
