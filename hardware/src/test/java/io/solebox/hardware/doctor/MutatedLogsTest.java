package io.solebox.hardware.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.check.Checks;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Whatever a machine says, the doctor comes to an end and every check says something. */
final class MutatedLogsTest {
  private static final int ROUNDS = 20;
  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]+");

  private static final List<String> LOG =
      List.of(
          "[    0.1] pci_bus 0000:00: root bus resource [mem 0x41f600000-0xfffffffff window]",
          "[    0.2] pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200",
          "[    0.3] pci 0000:00:01.0: PCI bridge to [bus 01]",
          "[    0.4] pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space",
          "[    0.5] pci 0000:25:00.0: BAR 7: no space for [mem size 0x00100000 64bit]",
          "[    1.0] arm-smmu 5000000.iommu: Unhandled context fault: fsr=0x402, iova=0xf9800000",
          "[    2.0] pcieport 0000:00:02.0: PCIe Bus Error: severity=Corrected, type=Data Link Layer",
          "[    3.0] NVRM: Xid (PCI:0000:02:00): 48, pid=9, name=a, at physAddr 0x9c1 partition 9, subpartition 1.",
          "[    3.1] NVRM: Xid (PCI:0000:02:00): 63, pid=9, Row Remapper: New row (0x9c1) marked",
          "[    4.0] NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:1db5)",
          "          NVRM: installed in this system is not supported by open",
          "[    5.0] NVRM: GPU 000d:01:00.0: RmInitAdapter failed! (0x24:0x65:1423)",
          "[    6.0] NVRM: API mismatch: the client 'a' (pid 7) has the version 535.171.04, but",
          "[Sat Oct 12 18:35:32 2024] NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)");

  private static final List<String> SMI =
      List.of(
          "Driver Version : 580.95.05",
          "GPU 00000000:03:00.0",
          "    Product Name : NVIDIA A100 80GB PCIe",
          "    PCI",
          "        Device Id : 0x20B210DE",
          "    BAR1 Memory Usage",
          "        Total : 131072 MiB",
          "    Remapped Rows",
          "        Uncorrectable Error : 12",
          "    Temperature",
          "        GPU Current Temp : 45 C",
          "        GPU Slowdown Temp : 89 C",
          "    Power Readings",
          "        Power Limit : 300.00 W");

  @RepeatedTest(ROUNDS)
  void nothingThatIsSaidBreaksACheck(RepetitionInfo round) {
    Random random = new Random(round.getCurrentRepetition());
    for (int i = 0; i < 15; i++) {
      TextBox box =
          new TextBox()
              .with("dmesg.txt", mutated(LOG, random))
              .with("nvidia-smi-q.txt", mutated(SMI, random))
              .with("lsmod.txt", mutated(List.of("nvidia 1 2", "nouveau 3 0"), random))
              .with(
                  "lspci-nn.txt",
                  mutated(
                      List.of(
                          "01:00.0 3D controller [0302]: NVIDIA Corporation GV100GL [Tesla V100] [10de:1db5] (rev a1)"),
                      random))
              .with(
                  "state-previous.json",
                  mutated(List.of("{\"remapped_uncorrectable\": 11}"), random))
              .with("sys/bus/pci/devices/0000:01:00.0/vendor", mutated(List.of("0x10de"), random))
              .with(
                  "sys/bus/pci/devices/0000:01:00.0/resource",
                  mutated(List.of("0x0 0x0 0x14220c"), random));
      List<Check> checks = Checks.all();
      List<Finding> findings = new Doctor(checks).examine(box);
      assertEquals(
          checks.stream().map(Check::id).collect(Collectors.toSet()),
          findings.stream().map(Finding::id).collect(Collectors.toSet()));
      findings.forEach(each -> assertFalse(each.message().isBlank(), each::toString));
    }
  }

  /** Lines left out, cut, run together, and numbers that no number holds. */
  private static String mutated(List<String> lines, Random random) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      switch (random.nextInt(8)) {
        case 0 -> {}
        case 1 -> text.append(line, 0, random.nextInt(line.length())).append('\n');
        case 2 -> text.append(line);
        case 3 -> text.append(line.replaceAll("\\d+", "99999999999999999999")).append('\n');
        case 4 -> text.append(line.replaceFirst("\\d", "")).append('\n');
        case 5 -> text.append(blownUp(line, random)).append("\n");
        default -> text.append(line).append(random.nextBoolean() ? "\r\n" : "\n");
      }
    }
    return text.toString();
  }

  /** One of its numbers, of whatever base, made too long. */
  private static String blownUp(String line, Random random) {
    List<MatchResult> numbers = NUMBER.matcher(line).results().toList();
    if (numbers.isEmpty()) {
      return line;
    }
    int end = numbers.get(random.nextInt(numbers.size())).end();
    return line.substring(0, end) + "f0".repeat(random.nextInt(12)) + line.substring(end);
  }
}
