package io.solebox.hardware.smoke;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What was found in a card's memory.
 *
 * @param testedBytes that patterns were written to and read from
 * @param untestedBytes that others have, or that were left to the driver
 * @param bytesPerSecond written and read; empty where no pattern was finished
 * @param wrongWords reads that were wrong
 * @param first the first of them, in words
 * @param readBytesPerSecond of a loop that only reads; empty where there is none
 */
public record MemoryFacts(
    long testedBytes,
    long untestedBytes,
    OptionalDouble bytesPerSecond,
    long wrongWords,
    List<String> first,
    OptionalDouble readBytesPerSecond) {
  public MemoryFacts {
    first = List.copyOf(first);
  }
}
