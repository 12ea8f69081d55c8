package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/**
 * An access of a device that an IOMMU stopped.
 *
 * @param who as in {@code Stream 0x828}
 * @param device the PCI device, where the line names one
 * @param what it did
 * @param reason why that was stopped
 */
public record IommuFault(
    String who, Optional<PciAddress> device, String what, String reason, LogLine line) {
  private static final String UNMAPPED =
      "a driver mapped for another device, or the firmware lacks the stream's map";

  /** Of the records of SMMUv3 (Arm IHI 0070, 7.3). */
  private static final Map<Integer, String> EVENTS =
      Map.of(
          0x02, "C_BAD_STREAMID: the firmware knows no such stream",
          0x04, "C_BAD_STE: the stream's entry is not valid",
          0x10, "F_TRANSLATION, no mapping: " + UNMAPPED,
          0x11, "F_ADDR_SIZE: the address is too large",
          0x12, "F_ACCESS: the mapping was never accessed",
          0x13, "F_PERMISSION: the mapping does not allow it");

  /** All that a log says. */
  public static List<IommuFault> all(KernelLog log) {
    List<IommuFault> faults = new ArrayList<>();
    List<LogLine> lines = log.lines();
    for (int i = 0; i < lines.size(); i++) {
      LogLine line = lines.get(i);
      Optional<LogLine> next =
          i + 1 < lines.size() ? Optional.of(lines.get(i + 1)) : Optional.empty();
      of(line, next).ifPresent(faults::add);
    }
    return List.copyOf(faults);
  }

  private static Optional<IommuFault> of(LogLine line, Optional<LogLine> next) {
    return found(Wording.SMMU_CONTEXT_FAULT, line)
        .map(match -> context(match, line))
        .or(() -> found(Wording.SMMU_UNKNOWN_STREAM, line).map(match -> unknown(match, line)))
        .or(() -> found(Wording.SMMU_EVENT_NAMED, line).map(match -> named(match, line)))
        .or(() -> found(Wording.SMMU_EVENT, line).map(match -> event(match, line, next)))
        .or(() -> found(Wording.DMAR_FAULT, line).map(match -> dmar(match, line)))
        .or(() -> found(Wording.AMD_VI_FAULT, line).map(match -> amd(match, line)));
  }

  private static Optional<MatchResult> found(Wording wording, LogLine line) {
    Matcher matcher = wording.pattern().matcher(line.text());
    return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
  }

  private static IommuFault context(MatchResult match, LogLine line) {
    int status = Integer.parseUnsignedInt(match.group(1), 16);
    String stream = match.group(3) == null ? "A stream" : "Stream 0x" + match.group(3);
    return new IommuFault(
        stream,
        Optional.empty(),
        "touched 0x" + match.group(2) + " without a right to",
        "fsr 0x%x, %s".formatted(status, meaning(status)),
        line);
  }

  /** Bits of FSR (Arm IHI 0062, 16.5.5). */
  private static String meaning(int status) {
    if ((status & 0x2) != 0) {
      return "translation fault, there is no mapping: " + UNMAPPED;
    }
    if ((status & 0x8) != 0) {
      return "permission fault, the mapping does not allow it";
    }
    return (status & 0x10) != 0 ? "external fault" : "a fault of another kind";
  }

  private static IommuFault unknown(MatchResult match, LogLine line) {
    return new IommuFault(
        "Stream 0x" + match.group(1),
        Optional.empty(),
        "was blocked",
        "no device has it by the firmware's map (IORT, iommu-map)",
        line);
  }

  private static IommuFault named(MatchResult match, LogLine line) {
    Optional<PciAddress> device = PciAddress.of(match.group(2));
    return new IommuFault(
        "Stream 0x" + match.group(3),
        device,
        "of " + match.group(2) + " touched " + address(match.group(4)),
        match.group(1),
        line);
  }

  private static String address(String iova) {
    return iova == null ? "an address" : "0x" + iova;
  }

  /** The record stands in the lines below: its first 8 bytes are stream and number. */
  private static IommuFault event(MatchResult match, LogLine line, Optional<LogLine> next) {
    int number = Integer.parseInt(match.group(1), 16);
    Optional<MatchResult> words = next.flatMap(below -> found(Wording.SMMU_EVENT_WORD, below));
    String stream =
        words
            .map(each -> "Stream 0x%x".formatted(Long.parseUnsignedLong(each.group(1), 16) >>> 32))
            .orElse("A stream");
    return new IommuFault(
        stream,
        Optional.empty(),
        "met event 0x%02x".formatted(number),
        EVENTS.getOrDefault(number, "an event of another kind"),
        line);
  }

  private static IommuFault dmar(MatchResult match, LogLine line) {
    return new IommuFault(
        "Device " + match.group(2),
        PciAddress.of(match.group(2)),
        "touched 0x" + match.group(3) + " (" + match.group(1) + ")",
        "DMAR has no mapping that allows it",
        line);
  }

  /** The device stands in front where a driver holds it, and in the line where none does. */
  private static IommuFault amd(MatchResult match, LogLine line) {
    Optional<PciAddress> device =
        Optional.ofNullable(match.group(1) == null ? match.group(2) : match.group(1))
            .flatMap(PciAddress::of);
    return new IommuFault(
        device.map(address -> "Device " + address).orElse("A device"),
        device,
        "touched " + match.group(3),
        "AMD-Vi has no mapping that allows it",
        line);
  }
}
