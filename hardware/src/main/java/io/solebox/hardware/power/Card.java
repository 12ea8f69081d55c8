package io.solebox.hardware.power;

import java.util.List;
import java.util.Optional;

/**
 * A GPU as far as its power is concerned.
 *
 * @param uuid by which it is told things
 * @param address in PCI, as in {@code 0000:01:00.0}
 */
public record Card(String uuid, String name, Optional<String> address, Means means) {
  /** By what its power can be held down. */
  public sealed interface Means {
    /** It has a power limit. */
    record Limit(int currentMilliwatts, int minMilliwatts, int maxMilliwatts, int usualMilliwatts)
        implements Means {}

    /**
     * It has none, and its clocks can be locked.
     *
     * @param megahertz that it supports, falling
     * @param why it has no limit
     */
    record Clocks(List<Integer> megahertz, String why) implements Means {
      public Clocks {
        megahertz = List.copyOf(megahertz);
      }
    }

    /**
     * It has neither, or does not answer.
     *
     * @param why in words
     */
    record Nothing(String why) implements Means {}
  }
}
