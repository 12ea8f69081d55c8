package io.solebox.hardware.table;

import java.util.Locale;
import java.util.Optional;

/** What NVIDIA's driver means by its numbers: {@code xids.tsv}. */
public final class XidTable {
  /** What a number is about. */
  public enum Family {
    /** Memory with ECC. */
    MEMORY,
    /** The link between GPU and machine. */
    BUS,
    /** NVLink. */
    LINK,
    /** A program, unless it comes again and again on one GPU. */
    APPLICATION,
    /** The driver, or the firmware of the GPU. */
    DRIVER,
    /** What should be done about those before it. */
    ACTION,
    /** A consequence of others. */
    FOLLOWS
  }

  /** How bad a number is that stands alone. */
  public enum Weight {
    INFO,
    WARN,
    FAIL
  }

  /**
   * A number's meaning.
   *
   * @param words as in {@code double-bit ECC error}
   */
  public record Xid(Family family, Weight weight, String words) {}

  private final CellTable table = CellTable.of("xids.tsv");

  /**
   * What a number means.
   *
   * @param beforeAmpere whether the GPU retires pages, instead of remapping rows
   */
  public Optional<Xid> xid(int number, boolean beforeAmpere) {
    String subject = Integer.toString(number);
    return table
        .value(subject, "family")
        .map(
            family ->
                new Xid(
                    Family.valueOf(family.toUpperCase(Locale.ROOT)),
                    Weight.valueOf(table.value(subject, "verdict").orElseThrow()),
                    table
                        .value(subject, "words_old")
                        .filter(_ -> beforeAmpere)
                        .or(() -> table.value(subject, "words"))
                        .orElseThrow()));
  }
}
