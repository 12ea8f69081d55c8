package io.solebox.engine.chat.jinja;

import java.util.AbstractList;

/** Python's range, computed as it is read. */
final class Range extends AbstractList<Object> {
  /** Jinja's sandbox has this limit too. */
  static final int MAX_SIZE = 100_000;

  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  Range(long start, long stop, long step) {
    if (step == 0) {
      throw new TemplateFailure("range() arg 3 must not be zero");
    }
    this.start = start;
    this.stop = stop;
    this.step = step;
    // Doubles: the difference of two longs need not be a long, and 100,000 is far from 2^53.
    double count = Math.ceil(((double) stop - (double) start) / step);
    if (count > MAX_SIZE) {
      throw new TemplateFailure("range() gives more than " + MAX_SIZE + " numbers");
    }
    this.size = (int) Math.max(0, count);
  }

  @Override
  public Object get(int index) {
    return start + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  String repr() {
    String text = "range(" + start + ", " + stop;
    return step == 1 ? text + ")" : text + ", " + step + ")";
  }
}
