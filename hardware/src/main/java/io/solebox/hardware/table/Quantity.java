package io.solebox.hardware.table;

import java.util.Locale;

/** What can be known of a part in numbers; fields of tables have these names in small letters. */
public enum Quantity {
  /** Memory of a card, 2^20 bytes. */
  VRAM_MIB,
  /** Sizes that the BAR of its memory may have, 2^20 bytes. */
  BAR1_MIB,
  /** Of memory, 10^9 bytes a second. */
  BANDWIDTH_GBS,
  /** 10^12 operations a second, without tensor cores. */
  FP32_TFLOPS,
  /** 10^12 operations a second, on tensor cores where there are some. */
  FP16_TFLOPS,
  /** 10^12 operations a second. */
  INT8_TOPS,
  /** Default limit of power, watts. */
  POWER_W,
  /** Lowest limit of power, watts. */
  POWER_MIN_W,
  /** The most that a card without a limit has been said to draw, watts. */
  POWER_WORST_W,
  /** Seen at rest, watts. */
  IDLE_W,
  /** Seen while tokens were made one by one, watts. */
  DECODE_W,
  /** The highest temperature of a core at which it works. */
  CORE_MAX_C,
  /** The temperature at which memory slows down. */
  MEMORY_MAX_C,
  /** By how much memory is warmer than the core. */
  MEMORY_OVER_CORE_K,
  /** Asked for one, in US dollars. */
  PRICE_USD,
  /** Of a host's memory, 10^9 bytes a second. */
  MEMORY_GBS,
  /** Sizes of memory that a host is sold with, 2^30 bytes. */
  MEMORY_GIB,
  /** Of a host's processor, 10^9 operations a second in f32. */
  CPU_GFLOPS,
  /** Addresses that a chip has for one root of PCI Express. */
  HW_REGION_BYTES,
  /** The largest prefetchable window that public firmware declares. */
  FIRMWARE_WINDOW_BYTES,
  /** The largest prefetchable window in public device trees. */
  DT_WINDOW_BYTES,
  /** Of a supply at a tenth of its rating. */
  EFFICIENCY_10_PERCENT,
  /** Of a supply at a fifth of its rating. */
  EFFICIENCY_20_PERCENT,
  /** Of a supply at half of its rating. */
  EFFICIENCY_50_PERCENT,
  /** Of a supply at its rating. */
  EFFICIENCY_100_PERCENT,
  /** From the air that comes in to a core. */
  KELVIN_PER_WATT;

  String field() {
    return name().toLowerCase(Locale.ROOT);
  }
}
