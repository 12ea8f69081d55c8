package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Driver;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.table.GpuTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether the program runs without which GPUs on NVSwitches do not compute. */
final class FabricManager implements Check {
  /** And not the 802 of a wireless network. */
  private static final Pattern NOT_READY =
      Pattern.compile(
          "(?i)CUDA_ERROR_SYSTEM_NOT_READY|system not yet initialized|\\berror:? 802\\b"
              + "|\\bcuInit\\S*[:= ]+802\\b");

  private static final Pattern OTHER_VERSION =
      Pattern.compile(
          "(?i)fabric ?manager.*version (\\S+) .*(?:don't|doesn't|does not|not) match.*"
              + " (\\d{3}\\.\\S+).*");

  private static final Pattern NOT_RUNNING =
      Pattern.compile(
          "(?:Unit )?nvidia-fabricmanager(?:\\.service)?.*(?:could not be"
              + " found|not-found|failed|inactive|dead).*|\\s*Active:"
              + " (?:inactive|failed|deactivating).*|^(?:inactive|failed)$");

  private static final Pattern RUNNING = Pattern.compile("Active: active \\(running\\).*|^active$");
  private static final String UNIT = "systemctl.txt";

  @Override
  public String id() {
    return "fabric";
  }

  @Override
  public String title() {
    return "the fabric manager runs where NVSwitches are";
  }

  @Override
  public List<String> reads() {
    return List.of("lspci*.txt", "sys/bus/pci/devices/*", UNIT, "cuda.txt", "nvidia-smi*.txt");
  }

  @Override
  public String rule() {
    return "A failure where there are NVSwitches and nvidia-fabricmanager is not running, is of"
        + " another version than the driver, or CUDA answers 802 (system not yet initialized):"
        + " gpu-burn#92, pytorch#35710.";
  }

  @Override
  public String remedy() {
    return "Install nvidia-fabricmanager in exactly the driver's version and start it (systemctl"
        + " enable --now nvidia-fabricmanager).";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<PciDevice> switches =
        facts.pci().devices().stream().filter(FabricManager::isSwitch).toList();
    Box box = facts.box();
    List<Evidence> notReady = evidence(Driver.said(box, NOT_READY));
    List<Evidence> wrong = evidence(Driver.said(box, OTHER_VERSION));
    if (switches.isEmpty() && notReady.isEmpty()) {
      return List.of(none(facts));
    }
    Optional<Evidence> up = first(box, RUNNING);
    Optional<Evidence> down = up.isPresent() ? Optional.empty() : first(box, NOT_RUNNING);
    List<Evidence> evidence = new ArrayList<>(notReady);
    evidence.addAll(wrong);
    down.ifPresent(evidence::add);
    switches.stream().findFirst().ifPresent(each -> evidence.add(each.seen().getFirst()));
    if (!notReady.isEmpty() || !wrong.isEmpty() || down.isPresent()) {
      return List.of(failed(facts, switches.size(), notReady, wrong, down.isPresent(), evidence));
    }
    return List.of(
        up.map(
                at ->
                    Finding.calm(
                        id(),
                        Verdict.OK,
                        "nvidia-fabricmanager runs, for " + count(switches.size()) + ".",
                        List.of(at)))
            .orElseGet(() -> Unread.of(id(), "Whether nvidia-fabricmanager runs", box.read(UNIT))));
  }

  private static String count(int switches) {
    return switches + (switches == 1 ? " NVSwitch" : " NVSwitches");
  }

  private static List<Evidence> evidence(List<Known<String>> said) {
    return said.stream().map(Known::evidence).toList();
  }

  private static Optional<Evidence> first(Box box, Pattern pattern) {
    List<String> lines = box.read(UNIT).content().map(Reading.Content::lines).orElse(List.of());
    for (int i = 0; i < lines.size(); i++) {
      if (pattern.matcher(lines.get(i)).find()) {
        return Optional.of(new Evidence(UNIT, i + 1, lines.get(i).strip()));
      }
    }
    return Optional.empty();
  }

  /** A bridge of NVIDIA's that is neither to PCI nor to a CPU. */
  private static boolean isSwitch(PciDevice device) {
    boolean nvidia = device.vendor().isPresent() && device.vendor().getAsInt() == GpuTable.NVIDIA;
    boolean bridge = device.classCode().isPresent() && device.classCode().getAsInt() >> 8 == 0x0680;
    return nvidia && bridge || device.name().contains("NVSwitch");
  }

  private Finding none(Facts facts) {
    return facts.pci().listed()
        ? Finding.calm(id(), Verdict.NOT_APPLICABLE, "There is no NVSwitch.", List.of())
        : Unread.of(id(), "The list of PCI devices", new Reading.Absent());
  }

  private Finding failed(
      Facts facts,
      int switches,
      List<Evidence> notReady,
      List<Evidence> wrong,
      boolean down,
      List<Evidence> evidence) {
    String version = facts.driver().module().map(known -> ", " + known.value() + ",").orElse("");
    String so =
        !wrong.isEmpty()
            ? " is of another version than the driver"
            : down ? " does not run, or is not installed" : " has not set them up";
    return Finding.problem(
        id(),
        Verdict.FAIL,
        (switches > 0
                ? "The GPUs hang on " + count(switches) + ", and"
                : "Probably the GPUs hang on NVSwitches, and")
            + " nvidia-fabricmanager"
            + so
            + (notReady.isEmpty() ? "" : "; CUDA answers 802, system not ready")
            + ". It must be of exactly the driver's version"
            + version
            + " and run; GPUs, driver and CUDA are well.",
        evidence,
        remedy(),
        "systemctl is-active nvidia-fabricmanager && nvidia-smi topo -m");
  }
}
