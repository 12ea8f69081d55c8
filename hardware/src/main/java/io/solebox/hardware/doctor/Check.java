package io.solebox.hardware.doctor;

import io.solebox.hardware.doctor.facts.Facts;
import java.util.List;
import java.util.Set;

/**
 * One thing that can be wrong. It reads facts, keeps nothing, and never throws for what it read.
 */
public interface Check {
  /** As in {@code gpu.bar.assigned}. */
  String id();

  /** What is looked at, in a few words. */
  String title();

  /** What is read, as in {@code dmesg.txt} or {@code proc/cmdline}; with stars for any name. */
  List<String> reads();

  /** When it is a warning or a failure; a sentence or two, with its source. */
  String rule();

  /** What to do, in general; a finding says what to do about what was found. */
  String remedy();

  /** The checks whose problems follow from a problem of this one, on the same device. */
  default Set<String> explains() {
    return Set.of();
  }

  /** At least one finding. */
  List<Finding> examine(Facts facts);
}
