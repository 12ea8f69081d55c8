package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one range of addresses of a device, by the log and what was read since.
 *
 * @param bar as it was last asked for
 * @param events of it, in their order, never empty
 * @param outcome what it has now
 */
public record BarHistory(PciAddress device, PciBar bar, List<BarEvent> events, Outcome outcome) {
  /** What a range has in the end. */
  public enum Outcome {
    PLACED,
    LOST,
    /** A driver asked for a larger one and did not get it; the kernel gives the old one back. */
    RESIZE_REFUSED
  }

  public BarHistory {
    events = List.copyOf(events);
  }

  private record Slot(PciAddress device, PciBar.Kind kind, int index) {}

  /** Of all ranges of which the log says something. */
  public static List<BarHistory> all(Pci pci) {
    Map<Slot, List<BarEvent>> slots = new LinkedHashMap<>();
    for (BarEvent event : pci.barEvents()) {
      Slot slot = new Slot(event.device(), event.bar().kind(), event.bar().index());
      slots.computeIfAbsent(slot, _ -> new ArrayList<>()).add(event);
    }
    return slots.entrySet().stream()
        .map(each -> of(each.getKey().device(), each.getValue(), pci))
        .toList();
  }

  private static BarHistory of(PciAddress device, List<BarEvent> events, Pci pci) {
    BarEvent last = events.getLast();
    return new BarHistory(device, last.bar(), events, outcome(events, isPlaced(last, pci)));
  }

  /** Whether something else than the log says where it is now. */
  private static boolean isPlaced(BarEvent last, Pci pci) {
    return pci.device(last.device()).stream()
        .flatMap(device -> device.bars().stream())
        .filter(known -> !known.evidence().file().equals(last.line().file()))
        .map(Known::value)
        .anyMatch(
            bar ->
                bar.kind() == last.bar().kind()
                    && bar.index() == last.bar().index()
                    && bar.start().isPresent());
  }

  private static Outcome outcome(List<BarEvent> events, boolean placed) {
    if (placed || !events.getLast().action().isLoss()) {
      return Outcome.PLACED;
    }
    int loss = events.size() - 1;
    while (loss > 0 && events.get(loss - 1).action().isLoss()) {
      loss--;
    }
    // Drivers release what has a place before they ask for more; the boot of a kernel does not.
    boolean released =
        loss > 0
            && events.get(loss - 1).action() == BarEvent.Action.RELEASED
            && events.get(loss - 1).bar().start().isPresent();
    return released ? Outcome.RESIZE_REFUSED : Outcome.LOST;
  }

  /** What it was before it was released, of one whose resize was refused. */
  public Optional<PciBar> before() {
    return events.reversed().stream()
        .filter(event -> event.action() == BarEvent.Action.RELEASED)
        .map(BarEvent::bar)
        .findFirst();
  }

  /** The lines that say how it ended. */
  public List<Evidence> evidence() {
    List<Evidence> losses =
        events.stream()
            .filter(event -> event.action().isLoss())
            .map(event -> event.line().evidence())
            .toList();
    return losses.isEmpty()
        ? List.of(events.getLast().line().evidence())
        : losses.subList(Math.max(0, losses.size() - 2), losses.size());
  }
}
