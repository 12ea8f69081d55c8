package io.solebox.hardware.pci;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * A range of addresses that a function has or asks for.
 *
 * @param kind what it is for
 * @param index of a BAR or of a BAR of its virtual functions, from 0; 0 of what there is one of
 * @param start where it is, in the addresses of the CPU; empty where it has no place
 * @param size in bytes; 0 where it is not known
 * @param prefetchable whether reads have no effects, so that it may be in a window above 4 GiB
 */
public record PciBar(Kind kind, int index, OptionalLong start, long size, boolean prefetchable) {
  /** What a range is for. */
  public enum Kind {
    BAR,
    /** The expansion ROM; nothing but firmware needs it. */
    ROM,
    /** Of virtual functions (SR-IOV), used only once those are made. */
    VF_BAR,
    /** Ports, which GPUs have for what is older than VBIOSes of today. */
    IO,
    /** Through which a bridge hands on memory that must lie below 4 GiB. */
    WINDOW,
    /** Through which a bridge hands on prefetchable memory; may lie above 4 GiB. */
    PREFETCHABLE_WINDOW
  }

  /** The last byte; empty where it has no place. */
  public OptionalLong end() {
    return start.isPresent() && size > 0
        ? OptionalLong.of(start.getAsLong() + size - 1)
        : OptionalLong.empty();
  }

  /** As in {@code BAR1}. */
  public String name() {
    return switch (kind) {
      case BAR -> "BAR" + index;
      case ROM -> "ROM";
      case VF_BAR -> "VF BAR" + index;
      case IO -> "I/O BAR" + index;
      case WINDOW -> "window";
      case PREFETCHABLE_WINDOW -> "prefetchable window";
    };
  }

  /** As in {@code 32 GiB} or {@code 256 MiB}; with one decimal where it is not whole. */
  public static String bytes(long size) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
    int unit = 0;
    double value = size;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
