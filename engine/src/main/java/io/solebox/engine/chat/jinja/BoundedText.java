package io.solebox.engine.chat.jinja;

/** A text under construction that asks the budget before it grows. */
final class BoundedText {
  private final Budget budget;
  private final StringBuilder text = new StringBuilder();

  BoundedText(Budget budget) {
    this.budget = budget;
  }

  BoundedText append(String more) {
    reserve(more.length());
    text.append(more);
    return this;
  }

  BoundedText append(char more) {
    reserve(1);
    text.append(more);
    return this;
  }

  BoundedText append(String source, int from, int to) {
    reserve(to - from);
    text.append(source, from, to);
    return this;
  }

  /** Appends nothing for a count of zero or less. */
  BoundedText repeat(String piece, long times) {
    if (times > 0 && !piece.isEmpty()) {
      int count = (int) Math.min(times, Integer.MAX_VALUE);
      reserve((long) piece.length() * count);
      text.repeat(piece, count);
    }
    return this;
  }

  int length() {
    return text.length();
  }

  private void reserve(long more) {
    if (text.length() + more > budget.textLimit()) {
      budget.text(text.length() + more);
    }
    budget.text(more);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
