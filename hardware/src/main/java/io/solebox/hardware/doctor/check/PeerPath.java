package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.LinkPath;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.doctor.facts.PeerCopy;
import io.solebox.hardware.pci.PciLink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How GPUs reach one another. */
final class PeerPath implements Check {
  private static final double ENOUGH = 0.6;

  @Override
  public String id() {
    return "p2p";
  }

  @Override
  public String title() {
    return "GPUs reach one another as fast as their links";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "sys/bus/pci/devices/*", "lspci-vvv.txt", "nvbandwidth.txt", "p2pBandwidthLatencyTest.txt");
  }

  @Override
  public String rule() {
    return "A warning where a copy from GPU to GPU was measured (nvbandwidth, p2pBandwidthLatencyTest)"
        + " at less than 60 % of what the slower link can do. Otherwise said: whether cards share a"
        + " switch; across root ports a copy by way of the host can be faster.";
  }

  @Override
  public String remedy() {
    return "Put cards that work together behind one switch or at one socket, not behind the chipset;"
        + " switch ACS off where nobody passes cards to guests.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Gpu> gpus = facts.pci().gpus();
    if (gpus.size() == 1) {
      return List.of(Finding.calm(id(), Verdict.NOT_APPLICABLE, "There is one GPU.", List.of()));
    }
    if (gpus.isEmpty()) {
      return List.of(Unread.of(id(), "What GPUs there are", new Reading.Absent()));
    }
    return slow(facts)
        .or(() -> measured(facts))
        .map(List::of)
        .orElseGet(() -> List.of(path(facts)));
  }

  /** What the slowest link of all GPUs can do at best, in 10^9 bytes a second. */
  private static Optional<Double> theory(Facts facts) {
    return facts.pci().gpus().stream()
        .flatMap(gpu -> LinkPath.of(gpu, facts).stream())
        .map(path -> new PciLink(path.transfers(), path.lanes()))
        .map(PciLink::gigabytes)
        .min(Comparator.naturalOrder());
  }

  private static Optional<PeerCopy> slowest(Facts facts) {
    return PeerCopy.all(facts.box()).stream().min(Comparator.comparingDouble(PeerCopy::gigabytes));
  }

  private Optional<Finding> slow(Facts facts) {
    Optional<PeerCopy> slowest = slowest(facts);
    Optional<Double> theory = theory(facts);
    if (slowest.isEmpty() || theory.isEmpty()) {
      return Optional.empty();
    }
    double share = slowest.get().gigabytes() / theory.get();
    return share >= ENOUGH
        ? Optional.empty()
        : Optional.of(
            Finding.problem(
                id(),
                Verdict.WARN,
                String.format(
                    Locale.ROOT,
                    "GPU %d copies to GPU %d at %.1f GB/s, %.0f %% of the %.1f GB/s of the slower link. %s",
                    slowest.get().from(),
                    slowest.get().to(),
                    slowest.get().gigabytes(),
                    100 * share,
                    theory.get(),
                    topology(facts)),
                List.of(slowest.get().evidence()),
                remedy(),
                "nvbandwidth -t device_to_device_memcpy_read_ce"));
  }

  private Optional<Finding> measured(Facts facts) {
    return slowest(facts)
        .map(
            copy ->
                Finding.calm(
                    id(),
                    Verdict.OK,
                    String.format(
                        Locale.ROOT,
                        "The slowest copy between GPUs was measured at %.1f GB/s. %s",
                        copy.gigabytes(),
                        topology(facts)),
                    List.of(copy.evidence())));
  }

  private Finding path(Facts facts) {
    boolean known =
        facts.pci().gpus().stream().anyMatch(gpu -> !facts.pci().above(gpu.address()).isEmpty());
    List<Evidence> evidence =
        facts.pci().gpus().stream().map(gpu -> gpu.pci().seen().getFirst()).toList();
    return known
        ? Finding.calm(id(), Verdict.INFO, topology(facts), evidence)
        : Unread.of(id(), "What is between the GPUs", new Reading.Absent());
  }

  /** Which cards share a switch, in words. */
  private static String topology(Facts facts) {
    List<Gpu> gpus = facts.pci().gpus();
    List<String> shared = new ArrayList<>();
    for (int i = 0; i < gpus.size(); i++) {
      for (int j = i + 1; j < gpus.size(); j++) {
        if (shareSwitch(gpus.get(i), gpus.get(j), facts)) {
          shared.add(gpus.get(i).device() + " and " + gpus.get(j).device());
        }
      }
    }
    return shared.isEmpty()
        ? "No two of them share a switch, as far as is known: across root ports a copy by way of the"
            + " host can be faster than a direct one."
        : "Behind one switch are: " + String.join("; ", shared) + ".";
  }

  /** What is behind one root port shares a switch, since a port itself leads to one device. */
  private static boolean shareSwitch(Gpu one, Gpu other, Facts facts) {
    List<PciDevice> above = facts.pci().above(one.address());
    return facts.pci().above(other.address()).stream().anyMatch(above::contains);
  }
}
