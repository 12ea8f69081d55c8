package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LogLine;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.doctor.facts.XidEvent;
import io.solebox.hardware.pci.PciAddress;
import java.util.List;
import java.util.Optional;

/** What the kernel has reported of a GPU's link before the driver lost the GPU. */
final class LinkErrors {
  /** Errors of hours before say little about an end. */
  private static final double SECONDS = 1800;

  private LinkErrors() {}

  /**
   * The last report before.
   *
   * @param port that reported, as in {@code 0000:00:02.0}
   */
  record Before(PciAddress port, LogLine line) {}

  /** Of the GPU itself, a bridge above it, or, where no bridges are known, any other. */
  static Optional<Before> before(Facts facts, XidEvent event) {
    List<PciAddress> above =
        facts.pci().above(event.gpu()).stream().map(device -> device.address()).toList();
    return Wording.AER_REPORTED
        .in(facts.log())
        .map(hit -> new Before(PciAddress.of(hit.match().group(1)).orElseThrow(), hit.line()))
        .filter(it -> isBefore(it.line(), event.line()))
        .filter(it -> above.isEmpty() || above.contains(it.port()) || event.isOf(it.port()))
        .reduce((_, last) -> last);
  }

  private static boolean isBefore(LogLine one, LogLine other) {
    boolean near =
        one.seconds().isEmpty()
            || other.seconds().isEmpty()
            || other.seconds().getAsDouble() - one.seconds().getAsDouble() < SECONDS;
    return one.file().equals(other.file()) && one.number() < other.number() && near;
  }
}
