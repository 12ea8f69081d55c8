package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Wording;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether the firmware lets the driver's module be loaded. */
final class BootEfi implements Check {
  private static final Pattern ENABLED = Pattern.compile("(?i)SecureBoot enabled.*");
  private static final Pattern DISABLED = Pattern.compile("(?i)SecureBoot disabled.*");
  private static final Pattern REJECTED =
      Pattern.compile(".*(?:Key was rejected by service|Required key not available).*");
  private static final String VARIABLE =
      "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

  @Override
  public String id() {
    return "boot.efi";
  }

  @Override
  public String title() {
    return "the firmware lets the driver be loaded";
  }

  @Override
  public List<String> reads() {
    return List.of(VARIABLE, "mokutil.txt", "sys/firmware/efi", "modinfo-nvidia.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A warning where secure boot is on and the kernel refused a module that is not signed"
        + " with a key it knows, or the driver's module has no signature; and where a PC was not"
        + " started by UEFI, since old firmware often has no room for large BARs.";
  }

  @Override
  public String remedy() {
    return "Sign the module and enrol its key (mokutil --import), install the distribution's signed"
        + " driver, or turn secure boot off in the firmware.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("driver.owner", "nvml.version");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Box box = facts.box();
    Optional<Evidence> on = secureBoot(facts);
    Optional<Evidence> refused =
        Wording.MODULE_REFUSED
            .in(facts.log())
            .map(Hit::line)
            .map(line -> line.evidence())
            .findFirst()
            .or(() -> Driver.said(box, REJECTED).stream().map(Known::evidence).findFirst());
    Optional<Evidence> unsigned = unsigned(facts);
    if (refused.isPresent() || (on.isPresent() && unsigned.isPresent())) {
      return List.of(warned(on, refused, unsigned));
    }
    return List.of(calm(facts, on));
  }

  private static Optional<Evidence> secureBoot(Facts facts) {
    Optional<Evidence> variable =
        facts
            .box()
            .read(VARIABLE)
            .content()
            .map(Reading.Content::bytes)
            .filter(bytes -> bytes.length == 5 && bytes[4] == 1)
            .map(_ -> new Evidence(VARIABLE, 0, "1"));
    return variable
        .or(
            () ->
                Driver.said(facts.box(), ENABLED).stream()
                    .map(Known::evidence)
                    .filter(evidence -> evidence.file().equals("mokutil.txt"))
                    .findFirst())
        .or(
            () ->
                Wording.SECURE_BOOT.in(facts.log()).map(hit -> hit.line().evidence()).findFirst());
  }

  /** The kernel says it when it loads the module, or modinfo shows no signer. */
  private static Optional<Evidence> unsigned(Facts facts) {
    Optional<Evidence> tainted =
        Wording.MODULE_TAINTS.in(facts.log()).map(hit -> hit.line().evidence()).findFirst();
    Optional<String> info =
        facts.box().read("modinfo-nvidia.txt").content().map(Reading.Content::text);
    boolean shown = info.filter(text -> text.contains("license:")).isPresent();
    boolean signed = info.filter(text -> text.contains("signer:")).isPresent();
    return tainted.or(
        () ->
            shown && !signed
                ? Optional.of(new Evidence("modinfo-nvidia.txt", 0, "no line with signer:"))
                : Optional.empty());
  }

  private Finding warned(
      Optional<Evidence> on, Optional<Evidence> refused, Optional<Evidence> unsigned) {
    return Finding.problem(
        id(),
        Verdict.WARN,
        (on.isPresent() ? "Secure boot is on, and " : "The kernel takes signed modules alone, and ")
            + (refused.isPresent()
                ? "the kernel refused an unsigned module, or one signed with a key that it does not know: the driver"
                    + " is not loaded."
                : "the driver's module is unsigned: a kernel that is strict will not load it."),
        Stream.of(on, refused, unsigned).flatMap(Optional::stream).toList(),
        remedy(),
        "mokutil --sb-state && modinfo -F signer nvidia");
  }

  private Finding calm(Facts facts, Optional<Evidence> on) {
    Box box = facts.box();
    if (on.isPresent()) {
      return Finding.calm(
          id(), Verdict.OK, "Secure boot is on, and no module was refused.", List.of(on.get()));
    }
    boolean off = !Driver.said(box, DISABLED).isEmpty() || box.read(VARIABLE).content().isPresent();
    boolean efi = off || !box.names("sys/firmware/efi").isEmpty();
    if (efi) {
      return Finding.calm(
          id(),
          Verdict.OK,
          "The machine was started by UEFI; secure boot is off or not told.",
          List.of());
    }
    boolean looked = !box.names("sys/firmware").isEmpty();
    boolean pc = facts.host().architecture().filter(it -> it.value().equals("x86_64")).isPresent();
    if (looked && pc) {
      return Finding.problem(
          id(),
          Verdict.WARN,
          "The machine was not started by UEFI: such firmware often has no addresses for large BARs"
              + " (Above 4G decoding).",
          List.of(new Evidence("sys/firmware", 0, String.join(" ", box.names("sys/firmware")))),
          "Switch CSM off in the firmware and start by UEFI.",
          "ls /sys/firmware/efi");
    }
    return Unread.of(id(), "What the firmware says of secure boot", box.read(VARIABLE));
  }
}
