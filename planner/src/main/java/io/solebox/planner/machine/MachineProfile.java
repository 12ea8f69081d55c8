package io.solebox.planner.machine;

import io.solebox.hardware.table.Part;
import io.solebox.planner.figure.Range;
import java.util.List;
import java.util.Optional;

/**
 * A machine as far as plans need it: this one, or one that is not bought yet.
 *
 * @param name for people
 * @param processor the processor of its board, with its memory
 * @param cards in the order in which they are used
 * @param disk from its disk, bytes a second
 * @param supply what feeds it
 * @param cooling of each card
 * @param host what the tables know of its board
 * @param notes what is known to be wrong, in sentences
 */
public record MachineProfile(
    String name,
    DeviceProfile processor,
    List<DeviceProfile> cards,
    Optional<Range> disk,
    Optional<Supply> supply,
    Optional<Part> cooling,
    Optional<Part> host,
    List<String> notes) {
  public MachineProfile {
    cards = List.copyOf(cards);
    notes = List.copyOf(notes);
  }

  /** What models are computed on: the cards that can, or the processor where there is none. */
  public List<DeviceProfile> computing() {
    List<DeviceProfile> able = cards.stream().filter(each -> each.refusal().isEmpty()).toList();
    return able.isEmpty() ? List.of(processor) : able;
  }

  /** The same with that supply, of which no machine tells. */
  public MachineProfile withSupply(Supply other) {
    return new MachineProfile(
        name, processor, cards, disk, Optional.of(other), cooling, host, notes);
  }

  /** The same with its cards cooled that way, of which no machine tells. */
  public MachineProfile withCooling(Part way) {
    return new MachineProfile(name, processor, cards, disk, supply, Optional.of(way), host, notes);
  }

  /** The same with a disk that is so fast. */
  public MachineProfile withDisk(Range bytesPerSecond) {
    return new MachineProfile(
        name, processor, cards, Optional.of(bytesPerSecond), supply, cooling, host, notes);
  }

  /** The same with devices of which something was measured. */
  public MachineProfile withDevices(DeviceProfile board, List<DeviceProfile> others) {
    return new MachineProfile(name, board, others, disk, supply, cooling, host, notes);
  }
}
