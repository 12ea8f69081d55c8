package io.solebox.planner.machine;

import io.solebox.hardware.table.Part;
import io.solebox.planner.figure.Range;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A device that may compute models: a card, or the processor with its memory. What is not known is
 * empty, and nobody guesses it.
 *
 * @param name for people
 * @param memory bytes of it
 * @param bandwidth of its memory, bytes a second
 * @param rates operations a second; a multiplication and an addition are two
 * @param link from the host's memory to it, bytes a second; empty of the processor
 * @param draw of a card all that it draws; of the processor that of the board with it
 * @param architecture of a card, as in {@code Volta}
 * @param refusal why nothing of ours computes on it, in a sentence; empty where it does
 * @param part what the tables know of it
 */
public record DeviceProfile(
    String name,
    Optional<Range> memory,
    Optional<Rate> bandwidth,
    Map<Arithmetic, Rate> rates,
    Optional<Range> link,
    Optional<Draw> draw,
    Optional<String> architecture,
    Optional<String> refusal,
    Optional<Part> part) {
  public DeviceProfile {
    rates = Map.copyOf(rates);
  }

  /** Empty where it is not known or there is none. */
  public Optional<Rate> rate(Arithmetic arithmetic) {
    return Optional.ofNullable(rates.get(arithmetic));
  }

  /** The same with a bandwidth that was measured. */
  public DeviceProfile measured(Range bytesPerSecond) {
    Rate rate = new Rate(bytesPerSecond, Rate.Basis.MEASURED);
    return new DeviceProfile(
        name, memory, Optional.of(rate), rates, link, draw, architecture, refusal, part);
  }

  /** The same with operations a second that were measured. */
  public DeviceProfile measured(Arithmetic arithmetic, Range perSecond) {
    Map<Arithmetic, Rate> others = new EnumMap<>(Arithmetic.class);
    others.putAll(rates);
    others.put(arithmetic, new Rate(perSecond, Rate.Basis.MEASURED));
    return new DeviceProfile(
        name, memory, bandwidth, others, link, draw, architecture, refusal, part);
  }

  /** The same with so much memory. */
  public DeviceProfile withMemory(Range bytes) {
    return new DeviceProfile(
        name, Optional.of(bytes), bandwidth, rates, link, draw, architecture, refusal, part);
  }

  /** The same behind such a link. */
  public DeviceProfile withLink(Range bytesPerSecond) {
    return new DeviceProfile(
        name,
        memory,
        bandwidth,
        rates,
        Optional.of(bytesPerSecond),
        draw,
        architecture,
        refusal,
        part);
  }
}
