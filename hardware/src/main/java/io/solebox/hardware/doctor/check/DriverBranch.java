package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.NvrmMessages;
import io.solebox.hardware.doctor.facts.NvrmMessages.Message;
import io.solebox.hardware.doctor.facts.Version;
import io.solebox.hardware.table.Architecture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the branch of NVIDIA's driver still serves the GPUs. */
final class DriverBranch implements Check {
  /** {@code supported through the NVIDIA 580.xx Legacy drivers}. */
  private static final Pattern LEGACY = Pattern.compile("NVIDIA (\\d{3})\\.xx Legacy");

  private static final String VERIFY = "cat /proc/driver/nvidia/version && nvidia-smi -L";

  @Override
  public String id() {
    return "driver.branch";
  }

  @Override
  public String title() {
    return "the driver's branch serves the GPU";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "proc/driver/nvidia/version", "modinfo-nvidia.txt", "nvidia-smi*.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where the driver is of a branch after the last one for the GPU's generation:"
        + " R580 for Maxwell, Pascal and Volta (NVIDIA's tables of R615 and R620). That R580 says"
        + " \"CUDA 13.0\" of a V100 is right (CUDA.jl#3079).";
  }

  @Override
  public String remedy() {
    return "Install the last branch that serves the GPU, and hold its packages there.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("driver.owner", "nvrm.init", "nvml.version");
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Map<String, Finding> refused = new TreeMap<>();
    NvrmMessages.of(facts.log()).forEach(message -> said(facts, message, refused));
    List<Gpu> gpus = Nvidia.gpus(facts);
    Optional<Known<Version>> version = version(facts.driver());
    version.ifPresent(
        known ->
            gpus.forEach(
                gpu ->
                    gpu.architecture()
                        .filter(
                            it ->
                                it.lastBranch()
                                    .filter(last -> last < known.value().branch())
                                    .isPresent())
                        .ifPresent(
                            it -> refused.putIfAbsent(gpu.device(), tooNew(gpu, it, known)))));
    if (refused.size() > 1) {
      refused.remove(""); // the same, said by the driver without an address
    }
    if (!refused.isEmpty()) {
      return List.copyOf(refused.values());
    }
    if (gpus.isEmpty()) {
      return List.of(Nvidia.none(id(), facts));
    }
    return List.of(
        version
            .map(known -> fine(known, gpus))
            .orElseGet(() -> Unread.of(id(), "The driver's version", new Reading.Absent())));
  }

  private static Optional<Known<Version>> version(Driver driver) {
    return driver.module().or(driver::installed);
  }

  private Finding fine(Known<Version> version, List<Gpu> gpus) {
    String last =
        gpus.stream()
            .flatMap(gpu -> gpu.architecture().stream())
            .filter(it -> it.lastBranch().isPresent())
            .findFirst()
            .map(it -> " R" + it.lastBranch().get() + " is the last branch for " + it.name() + ".")
            .orElse("");
    return Finding.calm(
        id(),
        Verdict.OK,
        "Driver "
            + version.value()
            + " (R"
            + version.value().branch()
            + ") serves the GPUs."
            + last,
        List.of(version.evidence()));
  }

  private Finding tooNew(Gpu gpu, Architecture architecture, Known<Version> version) {
    int last = architecture.lastBranch().orElseThrow();
    return Finding.problem(
            id(),
            Verdict.FAIL,
            Nvidia.named(gpu)
                + " is not served by driver "
                + version.value()
                + ": R"
                + last
                + " is the last branch for "
                + architecture.name()
                + ".",
            List.of(version.evidence(), gpu.pci().seen().getFirst()),
            remedy(last),
            VERIFY)
        .of(gpu.device());
  }

  private static String remedy(int last) {
    return "Install R"
        + last
        + (last == 580 ? " (kept up until June 2028), with CUDA 12.x to build for it" : "")
        + ", and hold its packages there (apt-mark hold).";
  }

  private void said(Facts facts, Message message, Map<String, Finding> refused) {
    boolean unsupported =
        message.text().matches(".*is not supported by the NVIDIA [\\d.]+ driver release.*");
    boolean legacy = message.text().contains("Legacy drivers");
    if (!unsupported && !legacy) {
      return;
    }
    Optional<Gpu> gpu = message.gpu().flatMap(it -> Nvidia.at(facts, it));
    Matcher branch = LEGACY.matcher(message.text());
    Optional<Integer> last =
        branch.find()
            ? Optional.of(Integer.valueOf(branch.group(1)))
            : gpu.flatMap(Gpu::architecture).flatMap(Architecture::lastBranch);
    Finding finding =
        Finding.problem(
            id(),
            Verdict.FAIL,
            gpu.map(Nvidia::named).orElse("A GPU")
                + " is too old for the driver"
                + last.map(it -> " (R" + it + " is the last branch for it)").orElse("")
                + ", which says: "
                + message.text().replaceFirst("[. ]*$", "."),
            List.of(message.evidence()),
            last.map(DriverBranch::remedy).orElse("Install the last branch for this GPU."),
            VERIFY);
    String device = message.gpu().map(Object::toString).orElse("");
    refused.put(device, device.isEmpty() ? finding : finding.of(device));
  }
}
