package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.ConfigSpace;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Errors of its link that a device's own registers hold (Advanced Error Reporting), until somebody
 * clears them: the kernel does where it handles them, so that what stands there was handled by
 * nobody, or by the firmware. Names: PCI Express Base Specification, 7.8.4.
 *
 * @param uncorrected names of those of a link that is not to be trusted; empty where there are none
 * @param corrected names of those of a link that repeats what it loses
 */
public record LatchedErrors(
    PciAddress device, List<String> uncorrected, List<String> corrected, Evidence evidence) {
  /**
   * Those of the link. Left out is what finding devices leaves behind in healthy machines:
   * unsupported requests (20), and advisory ones (13 of the corrected).
   */
  private static final Map<Integer, String> UNCORRECTED =
      new TreeMap<>(
          Map.of(
              4, "Data Link Protocol Error",
              5, "Surprise Down Error",
              13, "Flow Control Protocol Error",
              17, "Receiver Overflow",
              18, "Malformed TLP",
              22, "Uncorrectable Internal Error"));

  private static final Map<Integer, String> CORRECTED =
      new TreeMap<>(
          Map.of(
              0, "Receiver Error",
              6, "Bad TLP",
              7, "Bad DLLP",
              8, "Replay Number Rollover",
              12, "Replay Timer Timeout"));

  /** In the status of a device, PCI Express Base Specification, 7.5.3.5. */
  private static final int FATAL = 1 << 2;

  public LatchedErrors {
    uncorrected = List.copyOf(uncorrected);
    corrected = List.copyOf(corrected);
  }

  /** Of a device, where its registers were read and hold any. */
  public static Optional<LatchedErrors> of(PciDevice device) {
    Optional<ConfigSpace> config = device.configSpace();
    return config.flatMap(ConfigSpace::errors).flatMap(errors -> of(device, errors, config.get()));
  }

  private static Optional<LatchedErrors> of(
      PciDevice device, ConfigSpace.Errors errors, ConfigSpace config) {
    List<String> uncorrected =
        isFatal(config.deviceStatus()) ? named(errors.fatal(), UNCORRECTED) : List.of();
    List<String> corrected = named(errors.correctable(), CORRECTED);
    if (uncorrected.isEmpty() && corrected.isEmpty()) {
      return Optional.empty();
    }
    String status =
        config.deviceStatus().isPresent()
            ? ", device status %04x".formatted(config.deviceStatus().getAsInt())
            : "";
    Evidence evidence =
        new Evidence(
            SysfsPci.FOLDER + "/" + device.address() + "/config",
            0,
            "AER: uncorrectable status %08x, correctable status %08x%s"
                .formatted(errors.uncorrectable(), errors.correctable(), status));
    return Optional.of(new LatchedErrors(device.address(), uncorrected, corrected, evidence));
  }

  /** Training a link leaves such bits, too; one that was fatal is also in the device's status. */
  private static boolean isFatal(OptionalInt deviceStatus) {
    return deviceStatus.isEmpty() || (deviceStatus.getAsInt() & FATAL) != 0;
  }

  private static List<String> named(int register, Map<Integer, String> names) {
    List<String> named = new ArrayList<>();
    names.forEach(
        (bit, name) -> {
          if ((register >> bit & 1) != 0) {
            named.add(name);
          }
        });
    return named;
  }
}
