package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver.Flavour;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.NvrmMessages;
import io.solebox.hardware.doctor.facts.NvrmMessages.Message;
import io.solebox.hardware.doctor.facts.Version;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.table.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Whether the flavour of NVIDIA's kernel module serves the GPUs. */
final class DriverFlavour implements Check {
  /** RmInitAdapter's component and status, whatever its line (start-technologies#3693). */
  private static final String ENDS_ON_BLACKWELL = "0x62:0x1a:";

  @Override
  public String id() {
    return "driver.flavour";
  }

  @Override
  public String title() {
    return "the kernel module's flavour serves the GPU";
  }

  @Override
  public List<String> reads() {
    return List.of("proc/driver/nvidia/version", "modinfo-nvidia.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where NVIDIA's open kernel module meets a GPU older than Turing, which has no"
        + " GPU System Processor (open-gpu-kernel-modules#19, #322), or the proprietary one meets a"
        + " Blackwell (start-technologies#3693), by what is known of both or by the driver's word.";
  }

  @Override
  public String remedy() {
    return "Install the other flavour of a branch that serves the GPU.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("driver.owner", "nvrm.init", "nvml.version");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Map<String, Finding> refused = new TreeMap<>();
    NvrmMessages.of(facts.log()).forEach(message -> said(facts, message, refused));
    Optional<Known<Flavour>> flavour = facts.driver().flavour();
    List<Gpu> gpus = Nvidia.gpus(facts);
    flavour.ifPresent(
        known ->
            gpus.stream()
                .filter(
                    gpu -> gpu.architecture().filter(it -> isWrong(it, known.value())).isPresent())
                .forEach(
                    gpu -> refused.computeIfAbsent(gpu.device(), _ -> wrong(facts, gpu, known))));
    flavour
        .filter(known -> known.value() == Flavour.PROPRIETARY)
        .ifPresent(known -> endedAsOnBlackwell(facts, known, refused));
    if (!refused.isEmpty()) {
      return List.copyOf(refused.values());
    }
    if (gpus.isEmpty()) {
      return List.of(Nvidia.none(id(), facts));
    }
    return List.of(
        flavour
            .map(known -> fine(facts, known, gpus))
            .orElseGet(() -> Unread.of(id(), "The kernel module's flavour", new Reading.Absent())));
  }

  /** A GPU of which nothing is known but how the proprietary module ended with it. */
  private void endedAsOnBlackwell(
      Facts facts, Known<Flavour> flavour, Map<String, Finding> refused) {
    Wording.RM_INIT_ADAPTER
        .in(facts.log())
        .filter(hit -> hit.match().group(1) != null)
        .filter(hit -> hit.match().group(2).startsWith(ENDS_ON_BLACKWELL))
        .forEach(
            hit -> {
              PciAddress address = PciAddress.of(hit.match().group(1)).orElseThrow();
              if (Nvidia.at(facts, address).flatMap(Gpu::architecture).isEmpty()) {
                refused.putIfAbsent(
                    address.toString(),
                    refusedByProprietary(
                        facts,
                        address.toString(),
                        Nvidia.name(facts, address),
                        List.of(hit.line().evidence(), flavour.evidence())));
              }
            });
  }

  private static boolean isWrong(Architecture architecture, Flavour flavour) {
    return architecture.onlyModule().filter(only -> !only.equals(flavour.word())).isPresent();
  }

  private Finding fine(Facts facts, Known<Flavour> flavour, List<Gpu> gpus) {
    return Finding.calm(
        id(),
        Verdict.OK,
        "The "
            + flavour.value().word()
            + " kernel module"
            + version(facts)
            + " serves "
            + (gpus.size() == 1 ? gpus.getFirst().name() : "all " + gpus.size() + " GPUs")
            + ".",
        List.of(flavour.evidence()));
  }

  private static String version(Facts facts) {
    return facts
        .driver()
        .module()
        .map(Known::value)
        .map(Version::text)
        .map(it -> " " + it)
        .orElse("");
  }

  private void said(Facts facts, Message message, Map<String, Finding> refused) {
    boolean open = message.text().contains("is not supported by open");
    boolean proprietary = message.text().matches(".*requires (?:the )?use of the NVIDIA open.*");
    if ((!open && !proprietary) || message.gpu().isEmpty()) {
      return;
    }
    String device = message.gpu().get().toString();
    Optional<Gpu> gpu = Nvidia.at(facts, message.gpu().get());
    String name =
        gpu.map(Nvidia::named)
            .orElseGet(() -> "The GPU " + message.id().orElse("") + " at " + device);
    List<Evidence> evidence = new ArrayList<>(List.of(message.evidence()));
    facts.driver().flavour().ifPresent(known -> evidence.add(known.evidence()));
    Optional<Architecture> architecture = gpu.flatMap(Gpu::architecture);
    refused.put(
        device,
        open
            ? refusedByOpen(facts, device, name, architecture, evidence)
            : refusedByProprietary(facts, device, name, evidence));
  }

  private Finding wrong(Facts facts, Gpu gpu, Known<Flavour> flavour) {
    List<Evidence> evidence = List.of(flavour.evidence(), gpu.pci().seen().getFirst());
    String name = Nvidia.named(gpu);
    return switch (flavour.value()) {
      case OPEN -> refusedByOpen(facts, gpu.device(), name, gpu.architecture(), evidence);
      case PROPRIETARY -> refusedByProprietary(facts, gpu.device(), name, evidence);
    };
  }

  private Finding refusedByOpen(
      Facts facts,
      String device,
      String name,
      Optional<Architecture> architecture,
      List<Evidence> evidence) {
    String last =
        architecture
            .flatMap(
                it ->
                    it.lastBranch()
                        .map(
                            branch -> " R" + branch + " is the last branch for " + it.name() + "."))
            .orElse("");
    return Finding.problem(
            id(),
            Verdict.FAIL,
            name
                + " is refused by the open kernel module"
                + version(facts)
                + ": that flavour needs a GPU System Processor (GSP), which GPUs have from Turing"
                + " on. The proprietary flavour serves it; the card is not broken.",
            evidence,
            "Install the proprietary flavour of the driver (without \"-open\" in the package's"
                + " name; the installer's --kernel-module-type=proprietary)."
                + last,
            "cat /proc/driver/nvidia/version && nvidia-smi -L")
        .of(device);
  }

  private Finding refusedByProprietary(
      Facts facts, String device, String name, List<Evidence> evidence) {
    return Finding.problem(
            id(),
            Verdict.FAIL,
            name
                + " is not served by the proprietary kernel module"
                + version(facts)
                + ": GPUs from Blackwell on work with the open flavour alone.",
            evidence,
            "Install the open flavour of the same branch (\"-open\" in the package's name; the"
                + " installer's --kernel-module-type=open).",
            "cat /proc/driver/nvidia/version && nvidia-smi -L")
        .of(device);
  }
}
