package io.solebox.server.documents;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Locale;

/** What is wrong with a document, for who brought it. */
final class BadDocument {
  private static final double MIB = 1 << 20;

  private BadDocument() {}

  static SoleboxException of(String name, String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_DOCUMENT, name, message, remedy);
  }

  static SoleboxException tooManyBytes(String name, long most) {
    return of(
        name,
        String.format(Locale.ROOT, "The file is larger than %.0f MiB.", most / MIB),
        "Cut it into smaller ones.");
  }

  static SoleboxException tooMuchText(String name, int most) {
    return of(
        name,
        String.format(Locale.ROOT, "It has more than %,d characters of text.", most),
        "Cut it into smaller ones.");
  }

  static SoleboxException unreadable(String name, Throwable cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        name,
        "Its content could not be had: " + cause.getMessage(),
        "Try again.",
        cause);
  }
}
