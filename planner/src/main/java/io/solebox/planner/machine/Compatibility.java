package io.solebox.planner.machine;

import io.solebox.hardware.table.Architecture;
import io.solebox.hardware.table.GpuTable;
import io.solebox.hardware.table.HostModel;
import io.solebox.hardware.table.HostTable;
import io.solebox.hardware.table.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is known to be wrong with cards, and with cards on a host. */
final class Compatibility {
  private static final GpuTable GPUS = new GpuTable();
  private static final HostTable HOSTS = new HostTable();

  /** The oldest compute capability for which there are kernels: sm_70. */
  private static final int OLDEST = 70;

  /** The highest of an architecture. */
  private static final Pattern COMPUTE = Pattern.compile("(?:.*-)?(\\d+)\\.(\\d+)");

  private Compatibility() {}

  private static Optional<Architecture> architecture(Part card) {
    return card.architecture().flatMap(GPUS::architecture);
  }

  /** Why nothing of ours runs on a card; empty where it does. */
  static Optional<String> refusal(Part card) {
    Optional<String> compute =
        card.compute().or(() -> architecture(card).map(Architecture::compute));
    return compute.flatMap(known -> refusal(card, known));
  }

  private static Optional<String> refusal(Part card, String known) {
    Matcher compute = COMPUTE.matcher(known);
    if (!compute.matches()) {
      return Optional.of("There is no backend for %s (%s).".formatted(card.name(), known));
    }
    int version = 10 * Integer.parseInt(compute.group(1)) + Integer.parseInt(compute.group(2));
    return version >= OLDEST
        ? Optional.empty()
        : Optional.of(
            "There are no kernels for %s: it is of compute capability %s, and they need 7.0."
                .formatted(card.name(), known));
  }

  static List<String> notes(List<Part> hosts, List<Part> cards) {
    List<String> notes = new ArrayList<>();
    for (Part card : new LinkedHashSet<>(cards)) {
      refusal(card).ifPresent(notes::add);
      architecture(card).ifPresent(known -> driver(card, known, notes));
      card.form()
          .filter(form -> form.startsWith("SXM"))
          .ifPresent(form -> notes.add(module(card, form)));
    }
    if (!cards.isEmpty()) {
      hosts.stream()
          .flatMap(host -> HOSTS.byKey(host.key()).stream())
          .forEach(known -> host(known, notes));
    }
    return notes;
  }

  private static void driver(Part card, Architecture architecture, List<String> notes) {
    if (architecture.hasGsp().equals(Optional.of(false))) {
      notes.add(
          "NVIDIA's open kernel module refuses %s: it needs a GSP, which %s has not; the proprietary one serves it."
              .formatted(card.name(), architecture.name()));
    }
    architecture
        .lastBranch()
        .ifPresent(
            branch ->
                notes.add(
                    "R%d is the last branch of drivers for %s.".formatted(branch, card.name())));
    if (architecture.onlyModule().equals(Optional.of("open"))) {
      notes.add("%s runs with NVIDIA's open kernel module alone.".formatted(card.name()));
    }
  }

  /** SXM2 takes 12 V, SXM3 and SXM4 take 48 V: l4rz/running-nvidia-sxm-gpus-in-consumer-pcs. */
  private static String module(Part card, String form) {
    return form.equals("SXM2")
        ? "%s is an SXM2 module: it needs a carrier board, which feeds it 12 V and never carries NVLink to a PCIe slot."
            .formatted(card.name())
        : "%s is an %s module: it needs a carrier board, and 48 V and not 12 V."
            .formatted(card.name(), form);
  }

  private static void host(HostModel host, List<String> notes) {
    if (host.coherent().equals(Optional.of(false))) {
      notes.add(
          host.name()
              + " does not keep devices and caches coherent: NVIDIA's driver needs the patches of open-gpu-kernel-modules pull request 972.");
    }
    host.works()
        .ifPresent(words -> notes.add("Known to work on " + host.name() + ": " + words + "."));
    host.note().ifPresent(words -> notes.add(host.name() + ": " + words + "."));
    host.erratum()
        .ifPresent(fault -> notes.add("Erratum " + fault.words() + ". " + fault.remedy()));
  }
}
