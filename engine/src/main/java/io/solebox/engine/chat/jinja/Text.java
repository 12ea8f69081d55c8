package io.solebox.engine.chat.jinja;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A text that knows which of its characters the template wrote. All others are plain: they came
 * from messages, tools, documents and variables, or an operation made them (the digits of a number,
 * the brackets of JSON). Every text of a rendering is one of these, so that no filter and no method
 * can lose the difference; what cannot be told apart is plain. Two texts are equal if their
 * characters are. Immutable.
 */
public final class Text {
  private static final int[] NONE = {};

  static final Text EMPTY = plain("");

  private final String string;

  /** Whether the template wrote the first character. */
  private final boolean writtenFirst;

  /** Offsets at which this changes; ascending, none is 0 or the length. */
  private final int[] changes;

  private Text(String string, boolean writtenFirst, int[] changes) {
    this.string = string;
    this.writtenFirst = writtenFirst;
    this.changes = changes;
  }

  /** A text that the template wrote. */
  public static Text written(String string) {
    return new Text(string, true, NONE);
  }

  /** A text of which the template wrote nothing. */
  public static Text plain(String string) {
    return new Text(string, false, NONE);
  }

  /** Takes the array over. */
  static Text of(String string, boolean writtenFirst, int[] changes) {
    return new Text(string, writtenFirst, changes.length == 0 ? NONE : changes);
  }

  /** A text of which all is written, or all plain. */
  static Text uniform(String string, boolean written) {
    return new Text(string, written, NONE);
  }

  public String string() {
    return string;
  }

  int length() {
    return string.length();
  }

  boolean isEmpty() {
    return string.isEmpty();
  }

  char charAt(int at) {
    return string.charAt(at);
  }

  /** Stretches that are all written or all plain, at least one. */
  public int parts() {
    return changes.length + 1;
  }

  /** Where a part begins. */
  public int start(int part) {
    return part == 0 ? 0 : changes[part - 1];
  }

  /** Where a part ends. */
  public int end(int part) {
    return part == changes.length ? string.length() : changes[part];
  }

  /** Whether the template wrote this part. */
  public boolean isWritten(int part) {
    return writtenFirst == ((part & 1) == 0);
  }

  /** The part that holds the character at an offset; the last part for the length. */
  int partAt(int offset) {
    int found = Arrays.binarySearch(changes, offset);
    return found < 0 ? -found - 1 : found + 1;
  }

  Text substring(int from) {
    return substring(from, string.length());
  }

  Text substring(int from, int to) {
    if (from == 0 && to == string.length()) {
      return this;
    }
    String piece = string.substring(from, to);
    if (changes.length == 0 || from == to) {
      return new Text(piece, writtenFirst, NONE);
    }
    int first = partAt(from);
    int last = partAt(to - 1);
    int[] inside = Arrays.copyOfRange(changes, first, last);
    for (int i = 0; i < inside.length; i++) {
      inside[i] -= from;
    }
    return of(piece, isWritten(first), inside);
  }

  /** This text, then {@code next}. */
  public Text concat(Text next) {
    if (isEmpty() || next.isEmpty()) {
      return isEmpty() ? next : this;
    }
    boolean change = isWritten(changes.length) != next.writtenFirst;
    int own = changes.length + (change ? 1 : 0);
    int[] all =
        own + next.changes.length == 0 ? NONE : Arrays.copyOf(changes, own + next.changes.length);
    if (change) {
      all[changes.length] = length();
    }
    for (int i = 0; i < next.changes.length; i++) {
      all[own + i] = length() + next.changes[i];
    }
    return new Text(string.concat(next.string), writtenFirst, all);
  }

  /**
   * The text in other letters. Where a letter becomes several, and would become others without the
   * part beside it, all of the text is plain.
   *
   * @param operator changes letters and leaves out none
   */
  Text map(UnaryOperator<String> operator) {
    String mapped = operator.apply(string);
    if (changes.length == 0 || mapped.length() == string.length()) {
      return new Text(mapped, writtenFirst, changes);
    }
    int[] ends = new int[changes.length];
    int at = 0;
    for (int part = 0; part < parts(); part++) {
      String piece = operator.apply(string.substring(start(part), end(part)));
      if (!mapped.startsWith(piece, at)) {
        return plain(mapped);
      }
      at += piece.length();
      if (part < ends.length) {
        ends[part] = at;
      }
    }
    return at == mapped.length() ? new Text(mapped, writtenFirst, ends) : plain(mapped);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && string.equals(text.string);
  }

  @Override
  public int hashCode() {
    return string.hashCode();
  }

  /** The characters alone. */
  @Override
  public String toString() {
    return string;
  }
}
