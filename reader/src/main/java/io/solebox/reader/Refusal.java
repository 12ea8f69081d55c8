package io.solebox.reader;

import java.util.Locale;

/** What is wrong with a document, and what its owner can do about it. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String remedy;
  private final boolean ofAll;

  Refusal(String message, String remedy) {
    this(message, remedy, false);
  }

  private Refusal(String message, String remedy, boolean ofAll) {
    super(message, null, false, false);
    this.remedy = remedy;
    this.ofAll = ofAll;
  }

  static Refusal damaged(String said, Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new Refusal(
        "It says that it is " + said + ", but it is damaged or cut short: " + why,
        "Get it again, or open and save it with the program that made it.");
  }

  static Refusal encrypted() {
    return new Refusal("It is protected by a password.", "Save it without one, and bring that.");
  }

  static Refusal tooMuchText(long most) {
    return new Refusal(
        String.format(Locale.ROOT, "It has more than %,d characters of text.", most),
        "Cut it into smaller ones.",
        true);
  }

  static Refusal swells(String what) {
    return new Refusal(
        "It is small but unpacks to a lot, as files do that are made to do harm: " + what + ".",
        "If you trust it, open and save it with the program that made it.");
  }

  String remedy() {
    return remedy;
  }

  /** Whether it ends everything, although it may have been met in a part. */
  boolean isOfAll() {
    return ofAll;
  }
}
