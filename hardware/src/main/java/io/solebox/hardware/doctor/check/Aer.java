package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.AerCount;
import io.solebox.hardware.doctor.facts.AerError;
import io.solebox.hardware.doctor.facts.AerError.Severity;
import io.solebox.hardware.doctor.facts.EarlierLook;
import io.solebox.hardware.doctor.facts.ErrorCount;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LatchedErrors;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether links report errors. */
final class Aer implements Check {
  private static final String NONE_SINCE = " None of them is since ";

  @Override
  public String id() {
    return "aer";
  }

  @Override
  public String title() {
    return "links report no errors";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "sys/bus/pci/devices/*/aer_dev_*",
        "sys/bus/pci/devices/*/config",
        "nvidia-smi-q.txt",
        "dmesg.txt",
        "journal.txt",
        "state-previous.json");
  }

  @Override
  public String rule() {
    return "A failure for a device with a fatal error; a warning with corrected ones or with one"
        + " that was not fatal, or where a device's registers hold a fatal one that nobody has"
        + " reported. Corrected ones that have not risen since a look at least ten minutes before"
        + " are said and no more; a warning where a GPU's replays rise. Errors of a device that leads to no GPU are said and no more.";
  }

  @Override
  public String remedy() {
    return "The link is bad before the card is: look at riser, cable and slot contact, then at"
        + " power and heat; set the slot one generation lower to confirm it.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("xid", "nvrm.init");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<AerError> logged = AerError.all(facts.log());
    List<AerCount> counted = AerCount.all(facts.box(), facts.pci());
    Set<PciAddress> devices = new TreeSet<>();
    logged.forEach(each -> devices.add(each.device()));
    counted.forEach(each -> devices.add(each.device()));
    List<Finding> quiet = new UnreportedErrors(this).examine(facts, devices);
    if (devices.isEmpty() && quiet.isEmpty()) {
      boolean read = !facts.log().lines().isEmpty() || AerCount.areKept(facts.box(), facts.pci());
      return List.of(
          read
              ? Finding.calm(id(), Verdict.OK, "No link has reported an error.", List.of())
              : Unread.log(id(), facts));
    }
    return Stream.concat(
            devices.stream().map(device -> of(device, logged, counted, facts)), quiet.stream())
        .toList();
  }

  private Finding of(
      PciAddress device, List<AerError> allLogged, List<AerCount> allCounted, Facts facts) {
    List<AerError> logged =
        allLogged.stream().filter(each -> each.device().equals(device)).toList();
    List<AerCount> counted =
        allCounted.stream().filter(each -> each.device().equals(device)).toList();
    Severity worst =
        Stream.concat(
                logged.stream().map(AerError::severity), counted.stream().map(AerCount::severity))
            .max(Severity::compareTo)
            .orElseThrow();
    Optional<String> since = worst == Severity.CORRECTED ? risen(device, facts) : Optional.empty();
    String message =
        "%s has reported %s.%s%s%s"
            .formatted(
                device,
                told(worst, logged, counted),
                since.orElse(""),
                before(worst, logged),
                advice(worst, device, facts));
    List<Evidence> evidence = evidence(worst, logged, counted);
    facts
        .pci()
        .device(device)
        .flatMap(LatchedErrors::of)
        .ifPresent(latched -> evidence.add(latched.evidence()));
    boolean old = since.filter(words -> words.startsWith(NONE_SINCE)).isPresent();
    if (old || !leadsToGpu(device, facts)) {
      return Finding.calm(id(), Verdict.INFO, message, evidence).of(device.toString());
    }
    Verdict verdict = worst == Severity.FATAL ? Verdict.FAIL : Verdict.WARN;
    Finding finding =
        Finding.problem(
            id(), verdict, message, evidence, remedy(), "dmesg | grep -E 'AER|PCIe Bus Error'");
    return behind(device, facts).map(finding::of).orElse(finding);
  }

  /** How corrected errors have become more since an earlier look. */
  private static Optional<String> risen(PciAddress device, Facts facts) {
    OptionalLong now = ErrorCount.corrected(facts.box(), device);
    Optional<EarlierLook> look = EarlierLook.of(facts.box());
    if (now.isEmpty() || look.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong risen = look.get().risen(device, ErrorCount.AER_CORRECTABLE, now.getAsLong());
    if (risen.isEmpty() || (risen.getAsLong() == 0 && !look.get().isLongAgo())) {
      return Optional.empty();
    }
    return Optional.of(
        risen.getAsLong() == 0
            ? NONE_SINCE + look.get().words() + "."
            : " %d of them since %s.".formatted(risen.getAsLong(), look.get().words()));
  }

  private static String told(Severity worst, List<AerError> logged, List<AerCount> counted) {
    String names =
        Stream.concat(
                logged.stream()
                    .filter(each -> each.severity() == worst)
                    .flatMap(each -> each.names().stream()),
                counted.stream()
                    .filter(each -> each.severity() == worst)
                    .flatMap(each -> each.names().stream()))
            .distinct()
            .collect(Collectors.joining(", "));
    long number =
        Math.max(
            logged.stream().filter(each -> each.severity() == worst).count(),
            counted.stream()
                .filter(each -> each.severity() == worst)
                .mapToLong(AerCount::count)
                .sum());
    String kind =
        switch (worst) {
          case CORRECTED -> "corrected";
          case NONFATAL -> "uncorrected, not fatal";
          case FATAL -> "fatal";
        };
    return "%d %s error%s%s"
        .formatted(number, kind, number == 1 ? "" : "s", names.isEmpty() ? "" : ": " + names);
  }

  /** Corrected errors of the same link that came before a worse one. */
  private static String before(Severity worst, List<AerError> logged) {
    Optional<AerError> bad = logged.stream().filter(each -> each.severity() == worst).findFirst();
    Optional<AerError> mild =
        logged.stream().filter(each -> each.severity() == Severity.CORRECTED).findFirst();
    if (worst == Severity.CORRECTED || bad.isEmpty() || mild.isEmpty()) {
      return "";
    }
    OptionalDouble then = mild.get().line().seconds();
    OptionalDouble end = bad.get().line().seconds();
    String when =
        then.isPresent() && end.isPresent() && end.getAsDouble() >= then.getAsDouble()
            ? String.format(Locale.ROOT, "%.0f s earlier", end.getAsDouble() - then.getAsDouble())
            : "earlier";
    String names = String.join(", ", mild.get().names());
    return " Corrected errors%s came %s: the link was failing before it died."
        .formatted(names.isEmpty() ? "" : " (" + names + ")", when);
  }

  private static String advice(Severity worst, PciAddress device, Facts facts) {
    return worst == Severity.FATAL && leadsToGpu(device, facts)
        ? " Look at the link before the GPU."
        : "";
  }

  private static List<Evidence> evidence(
      Severity worst, List<AerError> logged, List<AerCount> counted) {
    List<Evidence> evidence = new ArrayList<>();
    logged.stream()
        .filter(each -> each.severity() == worst)
        .limit(1)
        .forEach(
            each -> {
              evidence.add(each.line().evidence());
              evidence.add(each.named().evidence());
            });
    logged.stream()
        .filter(each -> each.severity() != worst)
        .limit(1)
        .forEach(each -> evidence.add(each.named().evidence()));
    counted.forEach(each -> evidence.add(each.evidence()));
    return new ArrayList<>(evidence.stream().distinct().toList());
  }

  /** What may lead to one does: topology is often not captured. */
  static boolean leadsToGpu(PciAddress device, Facts facts) {
    Optional<PciDevice> found = facts.pci().device(device);
    if (found.isEmpty() || found.get().isGpu()) {
      return true;
    }
    boolean other = found.get().classCode().isPresent() && !found.get().isBridge();
    boolean known = found.get().buses().isPresent();
    boolean leads = facts.pci().below(found.get()).stream().anyMatch(PciDevice::isGpu);
    return !other && (!known || leads);
  }

  /** The GPU whose link it is, where that is clear. */
  static Optional<String> behind(PciAddress device, Facts facts) {
    List<PciDevice> gpus =
        facts
            .pci()
            .device(device)
            .map(
                found ->
                    found.isGpu()
                        ? List.of(found)
                        : facts.pci().below(found).stream().filter(PciDevice::isGpu).toList())
            .orElse(List.of());
    return gpus.size() == 1 ? Optional.of(gpus.getFirst().address().toString()) : Optional.empty();
  }
}
