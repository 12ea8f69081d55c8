package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.KernelLog.Hit;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Which driver holds each of NVIDIA's GPUs. */
final class DriverOwner implements Check {
  private static final Pattern NO_DRIVER =
      Pattern.compile("couldn't communicate with the NVIDIA driver.*");

  private static final Set<String> OURS = Set.of("nvidia");
  private static final Set<String> PASSED_ON =
      Set.of("vfio-pci", "vfio_pci", "pci-stub", "xen-pciback");

  @Override
  public String id() {
    return "driver.owner";
  }

  @Override
  public String title() {
    return "NVIDIA's driver holds the GPU";
  }

  @Override
  public List<String> reads() {
    return List.of("sys/bus/pci/devices/*/driver", "lsmod.txt", "nvidia-smi*.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where another driver of the kernel's holds a GPU (nova_core claims Turing to"
        + " Ada from kernel 7.0 of Ubuntu 26.04 on, Olares#3963; nouveau), or none is loaded"
        + " at all; a warning where it is handed on to a virtual machine (vfio-pci).";
  }

  @Override
  public String remedy() {
    return "Write blacklist nova_core, blacklist nova_drm and blacklist nouveau into a file in"
        + " /etc/modprobe.d, rebuild the initramfs (update-initramfs -u, dracut -f),"
        + " reboot.";
  }

  @Override
  public Set<String> explains() {
    return Set.of("nvrm.init", "nvml.version");
  }

  private record Owner(String driver, Evidence evidence) {}

  @Override
  public List<Finding> examine(Facts facts) {
    Map<String, Owner> owners = owners(facts);
    List<Finding> findings = new ArrayList<>();
    owners.forEach((device, owner) -> findings.add(held(facts, device, owner)));
    if (!findings.isEmpty()) {
      return findings;
    }
    return List.of(unloaded(facts).or(() -> notCalled(facts)).orElseGet(() -> fine(facts)));
  }

  /** Others than NVIDIA's driver, by the address of the GPU that they hold. */
  private static Map<String, Owner> owners(Facts facts) {
    Map<String, Owner> owners = new TreeMap<>();
    for (Gpu gpu : Nvidia.gpus(facts)) {
      gpu.pci()
          .driver()
          .filter(known -> !OURS.contains(known.value()))
          .ifPresent(known -> owners.put(gpu.device(), new Owner(known.value(), known.evidence())));
    }
    Wording.NVRM_OWNER
        .in(facts.log())
        .filter(hit -> isNotOurs(facts, hit))
        .forEach(
            hit ->
                owners.putIfAbsent(
                    device(hit), new Owner(hit.match().group(2), hit.line().evidence())));
    for (Wording wording : List.of(Wording.NOVA_OWNS, Wording.NOUVEAU_OWNS)) {
      wording
          .in(facts.log())
          .filter(hit -> isNotOurs(facts, hit))
          .forEach(
              hit ->
                  owners.putIfAbsent(
                      device(hit),
                      new Owner(hit.line().text().split(" ")[0], hit.line().evidence())));
    }
    return owners;
  }

  /** What sysfs says is newer than what the log says. */
  private static boolean isNotOurs(Facts facts, Hit hit) {
    return PciAddress.of(hit.match().group(1))
        .flatMap(it -> Nvidia.at(facts, it))
        .flatMap(gpu -> gpu.pci().driver())
        .filter(known -> OURS.contains(known.value()))
        .isEmpty();
  }

  private static String device(Hit hit) {
    return PciAddress.of(hit.match().group(1)).orElseThrow().toString();
  }

  private Finding held(Facts facts, String device, Owner owner) {
    String name = Nvidia.name(facts, PciAddress.of(device).orElseThrow());
    List<Evidence> evidence = new ArrayList<>(List.of(owner.evidence()));
    String word = owner.driver().toLowerCase(Locale.ROOT);
    if (PASSED_ON.contains(word)) {
      return Finding.problem(
              id(),
              Verdict.WARN,
              name
                  + " is held by "
                  + owner.driver()
                  + ", for a virtual machine: nothing here can"
                  + " compute with it.",
              evidence,
              "If that is not meant, take its id out of vfio-pci.ids= and of /etc/modprobe.d, and"
                  + " reboot.",
              "lspci -k -s " + device)
          .of(device);
    }
    boolean nova = word.startsWith("nova");
    Optional.ofNullable(facts.driver().modules().get(nova ? "nova_core" : "nouveau"))
        .ifPresent(evidence::add);
    return Finding.problem(
            id(),
            Verdict.FAIL,
            name
                + " is held by "
                + (nova
                    ? "nova_core, a driver in the kernel's own tree that claims Turing to Ada"
                    : owner.driver())
                + ", so that NVIDIA's driver cannot have it until a blacklist keeps that one away."
                + " The card is there and well.",
            evidence,
            nova
                ? "Write blacklist nova, blacklist nova_core and blacklist nova_drm (nouveau alone"
                    + " does not help) into a file in /etc/modprobe.d, rebuild the initramfs,"
                    + " reboot."
                : remedy(),
            "lspci -k -s " + device)
        .of(device);
  }

  /** The list of modules says that none is there, or nvidia-smi that nothing answers. */
  private Optional<Finding> unloaded(Facts facts) {
    Driver driver = facts.driver();
    Optional<Evidence> silent =
        Driver.said(facts.box(), NO_DRIVER).stream().map(Known::evidence).findFirst();
    boolean absent = driver.modulesListed() && !driver.modules().containsKey("nvidia");
    Optional<Evidence> nova = Optional.ofNullable(driver.modules().get("nova_core"));
    boolean unused = Nvidia.gpus(facts).stream().allMatch(gpu -> gpu.pci().driver().isEmpty());
    boolean loaded = driver.module().isPresent() && !absent;
    if (nova.isPresent() && absent) {
      return Optional.of(
          problem("nova_core is loaded, and NVIDIA's driver is not.", nova.get(), remedy()));
    }
    if (silent.isEmpty() || loaded || Nvidia.gpus(facts).isEmpty() && !absent || !unused) {
      return Optional.empty();
    }
    return Optional.of(
        problem(
            "No driver of NVIDIA's is loaded: nvidia-smi finds none.",
            silent.get(),
            "Load it (modprobe nvidia) and read what it says in dmesg; if there is none for this"
                + " kernel, install the kernel's headers and build it again (dkms autoinstall)."));
  }

  private Optional<Finding> notCalled(Facts facts) {
    return Wording.NVRM_NOT_CALLED
        .in(facts.log())
        .map(
            hit ->
                problem(
                    "Another driver was first to "
                        + hit.match().group(1)
                        + " GPU(s): NVIDIA's was not"
                        + " called for them.",
                    hit.line().evidence(),
                    remedy()))
        .findFirst();
  }

  private Finding problem(String message, Evidence evidence, String remedy) {
    return Finding.problem(
        id(), Verdict.FAIL, message, List.of(evidence), remedy, "lspci -k | grep -A3 -i nvidia");
  }

  private Finding fine(Facts facts) {
    List<Gpu> gpus = Nvidia.gpus(facts);
    List<Evidence> held =
        gpus.stream().flatMap(gpu -> gpu.pci().driver().stream()).map(Known::evidence).toList();
    Optional<Evidence> loaded = Optional.ofNullable(facts.driver().modules().get("nvidia"));
    if (!held.isEmpty() && held.size() == gpus.size()) {
      return Finding.calm(id(), Verdict.OK, "NVIDIA's driver holds all its GPUs.", held);
    }
    if (loaded.isPresent() || facts.driver().module().isPresent()) {
      Evidence evidence =
          loaded.or(() -> facts.driver().module().map(Known::evidence)).orElseThrow();
      return Finding.calm(
          id(),
          Verdict.OK,
          "NVIDIA's driver is loaded, and no other holds a GPU.",
          List.of(evidence));
    }
    return gpus.isEmpty()
        ? Nvidia.none(id(), facts)
        : Unread.of(id(), "Which driver holds the GPUs", new Reading.Absent());
  }
}
