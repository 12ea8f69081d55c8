package io.solebox.engine.chat.jinja;

import java.util.Arrays;

/** A text under construction that asks the budget before it grows. */
final class BoundedText {
  private static final int[] NONE = {};

  private final Budget budget;
  private final StringBuilder text = new StringBuilder();
  private boolean writtenFirst;
  private boolean writtenLast;
  private int[] changes = NONE;
  private int changeCount;

  BoundedText(Budget budget) {
    this.budget = budget;
  }

  BoundedText append(Text more) {
    return more.parts() == 1
        ? append(more.string(), more.isWritten(0))
        : append(more, 0, more.length());
  }

  BoundedText append(Text source, int from, int to) {
    if (from == to) {
      return this;
    }
    reserve(to - from);
    if (source.parts() == 1) {
      origin(source.isWritten(0));
      text.append(source.string(), from, to);
      return this;
    }
    int at = from;
    for (int part = source.partAt(from); at < to; part++) {
      int end = Math.min(to, source.end(part));
      origin(source.isWritten(part));
      text.append(source.string(), at, end);
      at = end;
    }
    return this;
  }

  /** Appends what the template did not write. */
  BoundedText plain(String more) {
    return append(more, false);
  }

  /** Appends what an operation made of the character of {@code source} at an offset. */
  BoundedText append(String more, Text source, int at) {
    return append(more, source.isWritten(source.parts() == 1 ? 0 : source.partAt(at)));
  }

  private BoundedText append(String more, boolean written) {
    if (!more.isEmpty()) {
      reserve(more.length());
      origin(written);
      text.append(more);
    }
    return this;
  }

  /** Appends nothing for a count of zero or less. */
  BoundedText repeat(Text piece, long times) {
    if (times <= 0 || piece.isEmpty()) {
      return this;
    }
    int count = (int) Math.min(times, Integer.MAX_VALUE);
    if (piece.parts() == 1) {
      reserve((long) piece.length() * count);
      origin(piece.isWritten(0));
      text.repeat(piece.string(), count);
      return this;
    }
    budget.requireText((long) piece.length() * count);
    for (int i = 0; i < count; i++) {
      append(piece);
    }
    return this;
  }

  int length() {
    return text.length();
  }

  private void reserve(long more) {
    budget.requireText(text.length() + more);
    budget.text(more);
  }

  /** What is appended next is written by the template, or not. */
  private void origin(boolean written) {
    if (text.isEmpty()) {
      writtenFirst = written;
    } else if (written != writtenLast) {
      if (changeCount == changes.length) {
        changes = Arrays.copyOf(changes, Math.max(8, 2 * changeCount));
      }
      budget.parts(1);
      changes[changeCount++] = text.length();
    }
    writtenLast = written;
  }

  Text toText() {
    return changeCount == 0
        ? Text.uniform(text.toString(), writtenFirst)
        : Text.of(text.toString(), writtenFirst, Arrays.copyOf(changes, changeCount));
  }
}
