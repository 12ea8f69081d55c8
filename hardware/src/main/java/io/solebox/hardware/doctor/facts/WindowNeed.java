package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciBar;
import java.util.List;
import java.util.Locale;

/**
 * The window that prefetchable BARs together need.
 *
 * @param bytes of the window
 * @param alignment a power of two at whose multiple it must begin
 */
public record WindowNeed(long bytes, long alignment) {
  private static final int SMALLEST_ORDER = 20;
  private static final int ORDERS = 44;

  /**
   * As Linux reckons it for a bridge (pbus_size_mem and calculate_mem_align in
   * drivers/pci/setup-bus.c, until 6.19): a BAR of 32 GiB and one of 32 MiB need 48 GiB, aligned to
   * 16.
   */
  public static WindowNeed of(List<Long> sizes) {
    long[] orders = new long[ORDERS];
    long total = 0;
    for (long size : sizes) {
      int order = Math.max(0, 64 - Long.numberOfLeadingZeros(size - 1) - SMALLEST_ORDER);
      orders[Math.min(order, ORDERS - 1)] += size;
      total += size;
    }
    long below = 0;
    long alignment = 1L << SMALLEST_ORDER;
    for (int order = 0; order < ORDERS; order++) {
      long align = 1L << SMALLEST_ORDER + order;
      if (below == 0) {
        alignment = align;
      } else if (up(below + alignment, alignment) < align) {
        alignment = align >> 1;
      }
      below += orders[order];
      if (below == total) {
        break;
      }
    }
    return new WindowNeed(up(total, alignment), alignment);
  }

  /** Of a window that a bridge has asked for: its size is a multiple of its alignment. */
  public static WindowNeed asked(long bytes) {
    return new WindowNeed(bytes, Long.lowestOneBit(bytes));
  }

  private static long up(long value, long alignment) {
    return (value + alignment - 1) / alignment * alignment;
  }

  /** Whether one of these windows of a host can hold it. */
  public boolean fitsOneOf(List<HostWindow> windows) {
    return windows.stream().anyMatch(window -> window.fits(bytes, alignment));
  }

  /** As in {@code 48 GiB aligned to 16 GiB}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s aligned to %s", PciBar.bytes(bytes), PciBar.bytes(alignment));
  }
}
