package io.solebox.app.bench.report;

import java.util.Optional;

/**
 * One measured thing.
 *
 * @param point where it was measured; empty for what has no place, as a load
 * @param by what measured it, or at what: a device; empty for a clock
 * @param spread of its runs
 */
public record Figure(Quantity quantity, Optional<Point> point, String by, Spread spread) {
  /**
   * A place in the plane that is measured.
   *
   * @param context tokens that are there when decode starts, or of the prompt
   * @param clients sequences at once
   */
  public record Point(int context, int clients) {
    /** What happens there: {@code Decode at 512}, {@code Decode, 8 clients, each at 128}. */
    public String of(String what) {
      return what + (clients == 1 ? " " : ", ") + this;
    }

    @Override
    public String toString() {
      return clients == 1 ? "at " + context : clients + " clients, each at " + context;
    }
  }

  /** What makes two figures of two reports the same one. */
  record Key(Quantity quantity, Optional<Point> point, String by) {}

  /** One of the clock at a place. */
  public static Figure at(Point point, Quantity quantity, Spread spread) {
    return new Figure(quantity, Optional.of(point), "", spread);
  }

  /** One of the clock without a place. */
  public static Figure of(Quantity quantity, Spread spread) {
    return new Figure(quantity, Optional.empty(), "", spread);
  }

  Key key() {
    return new Key(quantity, point, by);
  }

  /** As in {@code Decode at 512}. */
  String title() {
    String place = point.map(at -> at.of(quantity.title())).orElse(quantity.title());
    return place + (by.isEmpty() ? "" : ": " + by);
  }
}
