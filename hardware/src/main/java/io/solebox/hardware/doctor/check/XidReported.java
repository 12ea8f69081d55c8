package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.XidEvent;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.table.XidTable;
import io.solebox.hardware.table.XidTable.Family;
import io.solebox.hardware.table.XidTable.Weight;
import io.solebox.hardware.table.XidTable.Xid;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What NVIDIA's driver has reported of each GPU by number. */
final class XidReported implements Check {
  private static final Set<String> BEFORE_AMPERE =
      Set.of("Kepler", "Maxwell", "Pascal", "Volta", "Turing");

  private static final Pattern LOST =
      Pattern.compile("Unable to determine the device handle for (?:GPU|gpu).*|.*\\bGPU is lost.*");

  private static final int EVIDENCE = 6;

  private final XidTable table = new XidTable();

  @Override
  public String id() {
    return "xid";
  }

  @Override
  public String title() {
    return "errors that the driver reports by number (Xid)";
  }

  @Override
  public List<String> reads() {
    return List.of("dmesg.txt", "dmesg-before-reboot.txt", "journal.txt", "nvidia-smi*.txt");
  }

  @Override
  public String rule() {
    return "A failure for those of the link to the GPU (79), of its memory (48, 64, 94, 95, 171)"
        + " and of its firmware (119, 120); a warning for those that programs cause (13, 31,"
        + " 43), which are the hardware's where they come again and again on one GPU of"
        + " several, and for a row or page that is to be replaced at the next reset (63)."
        + " Before Ampere, 63 and 64 are about pages.";
  }

  @Override
  public String remedy() {
    return "It depends on the number: power, slot and heat for 79, a reset or another card for"
        + " memory errors, the program for 13 and 31.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Map<PciAddress, List<XidEvent>> byGpu =
        XidEvent.all(facts.log()).stream()
            .collect(Collectors.groupingBy(XidEvent::gpu, TreeMap::new, Collectors.toList()));
    List<Known<String>> lost = Driver.said(facts.box(), LOST);
    if (byGpu.isEmpty() && !lost.isEmpty()) {
      return List.of(lost(lost));
    }
    if (byGpu.isEmpty()) {
      return List.of(
          facts.log().lines().isEmpty()
              ? Unread.log(id(), facts)
              : Finding.calm(
                  id(), Verdict.OK, "The driver has reported no error of a GPU.", List.of()));
    }
    List<Finding> findings = new ArrayList<>();
    byGpu.forEach((gpu, events) -> findings.addAll(of(facts, gpu, events, byGpu)));
    return findings;
  }

  private Finding lost(List<Known<String>> said) {
    return Finding.problem(
        id(),
        Verdict.FAIL,
        "nvidia-smi has lost a GPU, as after Xid 79: it fell off the bus. Power, slot, riser and"
            + " heat come before the GPU; the kernel's log says more.",
        said.stream().map(Known::evidence).toList(),
        "Power the machine off and on, read dmesg, and look at power, slot, riser and heat.",
        "nvidia-smi -L && dmesg | grep -e Xid -e AER");
  }

  private List<Finding> of(
      Facts facts, PciAddress gpu, List<XidEvent> events, Map<PciAddress, List<XidEvent>> all) {
    Map<Family, List<XidEvent>> families = new EnumMap<>(Family.class);
    events.forEach(
        event ->
            families
                .computeIfAbsent(meaning(facts, event).family(), _ -> new ArrayList<>())
                .add(event));
    List<XidEvent> actions = Optional.ofNullable(families.remove(Family.ACTION)).orElse(List.of());
    List<XidEvent> follow = Optional.ofNullable(families.remove(Family.FOLLOWS)).orElse(List.of());
    List<Finding> findings = new ArrayList<>();
    families.forEach(
        (family, those) ->
            findings.add(
                switch (family) {
                  case APPLICATION -> application(facts, gpu, those, all);
                  case BUS -> bus(facts, gpu, those);
                  case MEMORY, LINK, DRIVER, ACTION, FOLLOWS ->
                      device(facts, gpu, family, those, actions);
                }));
    if (findings.isEmpty()) {
      findings.add(alone(facts, gpu, actions, follow));
    }
    return findings;
  }

  private Xid meaning(Facts facts, XidEvent event) {
    boolean old =
        Nvidia.at(facts, event.gpu())
            .flatMap(Gpu::architecture)
            .filter(it -> BEFORE_AMPERE.contains(it.name()))
            .isPresent();
    return table
        .xid(event.number(), old)
        .orElseGet(
            () -> new Xid(Family.DRIVER, Weight.WARN, "one whose meaning is not in our table"));
  }

  private Verdict worst(Facts facts, List<XidEvent> events) {
    return events.stream()
        .map(event -> meaning(facts, event).weight())
        .max(Weight::compareTo)
        .map(weight -> Verdict.valueOf(weight.name()))
        .orElse(Verdict.INFO);
  }

  /** As in {@code 48 (double-bit ECC error) four times, 63 (...)}. */
  private String listed(Facts facts, List<XidEvent> events) {
    Map<Integer, List<XidEvent>> numbers =
        events.stream()
            .collect(Collectors.groupingBy(XidEvent::number, TreeMap::new, Collectors.toList()));
    return numbers.entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + " ("
                    + meaning(facts, each.getValue().getFirst()).words()
                    + ")"
                    + (each.getValue().size() > 1 ? " " + each.getValue().size() + " times" : ""))
        .collect(Collectors.joining(", "));
  }

  private static List<Evidence> evidence(List<XidEvent> events) {
    return events.stream().map(event -> event.line().evidence()).limit(EVIDENCE).toList();
  }

  private Finding device(
      Facts facts, PciAddress gpu, Family family, List<XidEvent> events, List<XidEvent> actions) {
    String asked =
        actions.isEmpty() ? "" : " The driver asks: " + actions.getLast().text() + " (Xid 154).";
    return Finding.problem(
            id(),
            worst(facts, events),
            Nvidia.name(facts, gpu) + " has reported Xid " + listed(facts, events) + "." + asked,
            evidence(events),
            switch (family) {
              case MEMORY ->
                  "Reset the GPU (nvidia-smi -r) or reboot, and look again; see ecc.retired for"
                      + " whether the card must be replaced. It is no program's fault.";
              case LINK -> "Look at nvidia-smi nvlink -s -e; reseat the module or its bridge.";
              case DRIVER, ACTION, FOLLOWS, BUS, APPLICATION ->
                  "Reset the GPU (nvidia-smi -r) or reboot; if it comes again, try another branch"
                      + " of the driver, then another slot and power supply.";
            },
            "dmesg | grep Xid")
        .of(gpu.toString());
  }

  private Finding bus(Facts facts, PciAddress gpu, List<XidEvent> events) {
    XidEvent first = events.getFirst();
    Optional<LinkErrors.Before> before = LinkErrors.before(facts, first);
    String told =
        before
            .map(
                it ->
                    " The link's errors at "
                        + it.port()
                        + " came before it, so look there first: see aer.")
            .orElse("");
    Finding finding =
        Finding.problem(
                id(),
                Verdict.FAIL,
                Nvidia.name(facts, gpu)
                    + " fell off the bus (Xid 79"
                    + (events.size() > 1 ? ", " + events.size() + " times" : "")
                    + "): nothing that was asked of it was answered any more. Power, slot, riser"
                    + " and heat come before the GPU, and the driver or a program is not at fault."
                    + told,
                evidence(events),
                "Look at its temperature, its power connectors and power supply, reseat it without"
                    + " the riser, update the firmware; lock lower clocks (nvidia-smi -lgc) to see"
                    + " whether it is the power (open-gpu-kernel-modules#507).",
                "nvidia-smi -L && dmesg | grep -e Xid -e AER")
            .of(gpu.toString());
    return before.isPresent() ? finding.causedBy("aer") : finding;
  }

  private Finding application(
      Facts facts, PciAddress gpu, List<XidEvent> events, Map<PciAddress, List<XidEvent>> all) {
    long others =
        all.entrySet().stream()
            .filter(each -> !each.getKey().equals(gpu))
            .filter(
                each ->
                    each.getValue().stream()
                        .anyMatch(it -> meaning(facts, it).family() == Family.APPLICATION))
            .count();
    boolean several = Nvidia.gpus(facts).size() > 1 || all.size() > 1;
    boolean suspect = events.size() >= 3 && others == 0 && several;
    String programs =
        events.stream()
            .flatMap(event -> event.program().stream())
            .distinct()
            .limit(4)
            .collect(Collectors.joining(", "));
    return Finding.problem(
            id(),
            worst(facts, events),
            Nvidia.name(facts, gpu)
                + " has reported Xid "
                + listed(facts, events)
                + (programs.isEmpty() ? "" : " for " + programs)
                + (suspect
                    ? ": again and again, and on this GPU alone, so suspect the hardware."
                    : ": most likely a fault of the program (application)"
                        + (others > 0 ? ", since other GPUs report it, too." : ".")),
            evidence(events),
            suspect
                ? "Run the same program on another GPU, and another program on this one; if it"
                    + " stays with the GPU, test its memory and replace it."
                : "Update or debug the program (compute-sanitizer); if it comes again and again on"
                    + " one GPU with several programs, suspect the GPU.",
            "dmesg | grep Xid")
        .of(gpu.toString());
  }

  /** Those that only follow others, or say what to do, and stand alone. */
  private Finding alone(
      Facts facts, PciAddress gpu, List<XidEvent> actions, List<XidEvent> follow) {
    boolean nothing = actions.isEmpty() || actions.getLast().text().contains("to 0x0 (None)");
    List<XidEvent> events = actions.isEmpty() ? follow : actions;
    String message =
        Nvidia.name(facts, gpu)
            + " has reported Xid "
            + listed(facts, events)
            + (actions.isEmpty() ? "" : ": " + actions.getLast().text().replaceFirst("[. ]*$", ""))
            + ".";
    return nothing
        ? Finding.calm(id(), Verdict.INFO, message, evidence(events)).of(gpu.toString())
        : Finding.problem(
                id(),
                Verdict.WARN,
                message,
                evidence(events),
                "Do what the driver asks: drain and reset means to end what runs on the GPU and"
                    + " reset it (nvidia-smi -r).",
                "dmesg | grep Xid")
            .of(gpu.toString());
  }
}
