package io.solebox.hardware.doctor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What GPUs and their driver report of errors, heat and power. */
final class GpuChecksTest {
  private static final String SMI = "nvidia-smi-q.txt";
  private static final String TWO_GPUS =
      "01:00.0 3D controller [0302]: NVIDIA Corporation GA100 [A100 SXM4 80GB] [10de:20b2] (rev"
          + " a1)\n"
          + "02:00.0 3D controller [0302]: NVIDIA Corporation GA100 [A100 SXM4 80GB] [10de:20b2]"
          + " (rev a1)\n";

  private static Finding only(Check check, TextBox box) {
    return Diagnosis.of(check, box).only();
  }

  private static TextBox log(String... lines) {
    return new TextBox().with("dmesg.txt", String.join("\r\n", lines) + "\r\n");
  }

  private static void isUnread(Check check) {
    assertEquals(Verdict.NOT_READ, only(check, new TextBox()).verdict());
  }

  private static String smi(String address, String... lines) {
    return "GPU 00000000:" + address + "\n    " + String.join("\n    ", lines) + "\n";
  }

  @Test
  void aGpuFallsOffTheBusWithANumberOrWithout() {
    String numbered =
        "[9.1] NVRM: Xid (0000:02:00): 79, pid=1, name=app, GPU has fallen off the bus.";
    Finding finding = only(new XidReported(), log(numbered));
    Diagnosis.told(finding, Verdict.FAIL, "79", "0000:02:00.0", "Power, slot, riser");
    String plain = "[9.1] NVRM: GPU 0000:02:00.0: GPU has fallen off the bus.";
    Diagnosis.told(only(new XidReported(), log(plain)), Verdict.FAIL, "79");
    Diagnosis.told(only(new XidReported(), log(numbered, plain)), Verdict.FAIL, "79");
    // NVSentinel#155, and with lines of others between as in gpud#1209.
    TextBox broken =
        log(
            "[1843.308145] NVRM: The NVIDIA GPU 0000:b3:00.0",
            "               NVRM: (PCI ID: 10de:26b5) installed in this system has",
            "[1843.308150] mlx5_core 0000:ab:00.0 mlx5_5: Port: 1 Link ACTIVE",
            "               NVRM: fallen off the bus and is not responding to commands.",
            "[1843.439662] NVRM: The NVIDIA probe routine failed for 1 device(s).");
    Diagnosis.told(only(new XidReported(), broken), Verdict.FAIL, "79", "10de:26b5");
    TextBox lost =
        new TextBox()
            .with(
                "nvidia-smi.txt",
                "Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot"
                    + " the system to recover this GPU\n");
    Diagnosis.told(only(new XidReported(), lost), Verdict.FAIL, "79", "riser");
    TextBox probing =
        log(
            "[9.1] NVRM: The NVIDIA GPU 0000:02:00.0 (PCI ID: 10de:20b2)",
            "NVRM: installed in this system has",
            "NVRM: fallen off the bus and is not responding to commands.");
    Diagnosis.told(only(new XidReported(), probing), Verdict.FAIL, "79", "0000:02:00.0");
  }

  @Test
  void errorsOfTheLinkBeforeItExplainThat() {
    TextBox box =
        log(
            "[70.0] pcieport 0000:00:02.0: PCIe Bus Error: severity=Correctable, type=Data Link"
                + " Layer",
            "[99.0] NVRM: Xid (PCI:0000:02:00): 79, GPU has fallen off the bus.");
    Finding finding = only(new XidReported(), box);
    assertEquals("aer", finding.causedBy().orElseThrow());
    Diagnosis.told(finding, Verdict.FAIL, "0000:00:02.0");
    TextBox after =
        log(
            "[99.0] NVRM: Xid (PCI:0000:02:00): 79, GPU has fallen off the bus.",
            "[99.1] pcieport 0000:00:02.0: PCIe Bus Error: severity=Correctable, type=Data Link"
                + " Layer");
    assertTrue(only(new XidReported(), after).causedBy().isEmpty());
  }

  @Test
  void aProgramsErrorIsTheHardwaresWhereItStaysWithOneGpu() {
    String xid = "[%d.0] NVRM: Xid (PCI:0000:0%d:00): 31, pid=7, name=python3, MMU Fault";
    TextBox once = log(xid.formatted(1, 1)).with("lspci-nn.txt", TWO_GPUS);
    Diagnosis.told(
        only(new XidReported(), once), Verdict.WARN, "31", "python3", "fault of the program");
    TextBox again =
        log(xid.formatted(1, 1), xid.formatted(2, 1), xid.formatted(3, 1))
            .with("lspci-nn.txt", TWO_GPUS);
    Diagnosis.told(only(new XidReported(), again), Verdict.WARN, "3 times", "suspect the hardware");
    TextBox both =
        log(xid.formatted(1, 1), xid.formatted(2, 1), xid.formatted(3, 1), xid.formatted(4, 2));
    for (Finding finding : Diagnosis.of(new XidReported(), both).findings()) {
      Diagnosis.told(finding, Verdict.WARN, "other GPUs report it, too");
    }
  }

  @Test
  void numbersMeanWhatTheyMeanOnTheGpusGeneration() {
    String xid =
        "[1.0] NVRM: Xid (PCI:0000:01:00): 63, pid=1, Dynamic Page Retirement: New page retired,"
            + " reboot to activate (0x00000000000dd3f2).";
    String v100 =
        "01:00.0 3D controller [0302]: NVIDIA Corporation GV100GL [Tesla V100 SXM2 32GB]"
            + " [10de:1db5] (rev a1)\n";
    Diagnosis.told(
        only(new XidReported(), log(xid).with("lspci-nn.txt", v100)),
        Verdict.WARN,
        "a page of memory");
    Diagnosis.told(
        only(new XidReported(), log(xid).with("lspci-nn.txt", TWO_GPUS)), Verdict.WARN, "a row");
    TextBox gsp =
        log(
            "[1.0] NVRM: Xid (PCI:0000:01:00): 119, pid=1, Timeout after 6s of waiting for RPC"
                + " response from GPU0 GSP!");
    Diagnosis.told(only(new XidReported(), gsp), Verdict.FAIL, "119", "GSP");
    TextBox calm =
        log(
            "[1.0] NVRM: Xid (PCI:0000:01:00): 154, GPU recovery action changed from 0x1 (GPU Reset"
                + " Required) to 0x0 (None)");
    Diagnosis.told(only(new XidReported(), calm), Verdict.INFO, "154");
    Diagnosis.told(only(new XidReported(), log("[1.0] usb 1-1: new device")), Verdict.OK);
    isUnread(new XidReported());
  }

  @Test
  void aRowThatCouldNotBeRemappedMeansReplace() {
    TextBox box =
        new TextBox()
            .with(
                SMI,
                smi(
                        "01:00.0",
                        "Product Name : A100",
                        "Remapped Rows",
                        "    Uncorrectable Error : 0",
                        "    Pending : No",
                        "    Remapping Failure Occurred : No")
                    + smi(
                        "02:00.0",
                        "Product Name : A100",
                        "Remapped Rows",
                        "    Uncorrectable Error : 8",
                        "    Pending : No",
                        "    Remapping Failure Occurred : Yes"));
    List<Finding> findings = Diagnosis.of(new EccRetired(), box).findings();
    Diagnosis.told(findings.get(0), Verdict.OK, "0000:01:00.0");
    Diagnosis.told(findings.get(1), Verdict.FAIL, "0000:02:00.0", "replace", "8 rows");
  }

  @Test
  void aRowOrPageThatWaitsNeedsAReset() {
    TextBox row =
        new TextBox()
            .with(
                SMI,
                smi(
                    "01:00.0",
                    "Product Name : A100",
                    "Remapped Rows",
                    "    Uncorrectable Error : 1",
                    "    Pending : Yes",
                    "    Remapping Failure Occurred : No"));
    Diagnosis.told(only(new EccRetired(), row), Verdict.WARN, "reset", "1 row remapped");
    TextBox page =
        new TextBox()
            .with(
                SMI,
                smi(
                    "01:00.0",
                    "Product Name : V100",
                    "Retired Pages",
                    "    Double Bit ECC : 2",
                    "    Pending Page Blacklist : Yes"));
    Diagnosis.told(only(new EccRetired(), page), Verdict.WARN, "reset", "2 pages");
    TextBox mended =
        new TextBox()
            .with(
                SMI,
                smi(
                    "01:00.0",
                    "Product Name : A100",
                    "Remapped Rows",
                    "    Uncorrectable Error : 3",
                    "    Pending : No",
                    "    Remapping Failure Occurred : No"));
    Diagnosis.told(only(new EccRetired(), mended), Verdict.INFO, "3 rows");
    isUnread(new EccRetired());
  }

  @Test
  void faultsInOnePlaceMeanThatTheMemoryDegrades() {
    String xid =
        "[%d.0] NVRM: Xid (PCI:0000:01:00): 48, pid=1, name=app, An uncorrectable double bit error"
            + " (DBE) has been detected on GPU in the framebuffer at physAddr %s partition %d,"
            + " subpartition 0.";
    TextBox scattered = log(xid.formatted(900, "0x100", 1), xid.formatted(901, "0x200", 2));
    assertTrue(only(new EccRetired(), scattered).verdict() != Verdict.FAIL);
    TextBox same = log(xid.formatted(900, "0x100", 1), xid.formatted(901, "0x200", 1));
    Diagnosis.told(only(new EccRetired(), same), Verdict.FAIL, "replace", "FBPA 1 subpartition 0");
  }

  @Test
  void limitsOfTemperaturesAreTheCardsOwn() {
    String a100 =
        smi(
            "01:00.0",
            "Product Name : A100",
            "Temperature",
            "    GPU Current Temp : 60 C",
            "    GPU Slowdown Temp : 89 C",
            "    Memory Current Temp : 82 C",
            "    Memory Max Operating Temp : 95 C");
    Diagnosis.of(new Thermal(), new TextBox().with(SMI, a100)).is(Verdict.OK, "82", "95");
    String v100 = a100.replace("95 C", "85 C");
    Diagnosis.of(new Thermal(), new TextBox().with(SMI, v100)).is(Verdict.FAIL, "82", "85", "3 °C");
    String hot = a100.replace("60 C", "81 C");
    Diagnosis.of(new Thermal(), new TextBox().with(SMI, hot)).is(Verdict.WARN, "core", "81", "89");
    // A V100 whose driver does not say what its memory may have.
    String untold =
        v100.replace("    Memory Max Operating Temp : 85 C", "").replace("82 C", "78 C");
    TextBox known = new TextBox().with(SMI, untold + "    PCI\n        Device Id : 0x1DB510DE\n");
    Diagnosis.of(new Thermal(), known).is(Verdict.WARN, "78", "85", "7 °C");
    isUnread(new Thermal());
  }

  @Test
  void fromHopperOnTheDriverSaysWhatIsLeft() {
    String smi =
        smi(
            "01:00.0",
            "Product Name : H100",
            "Temperature",
            "    GPU Current Temp : 84 C",
            "    GPU T.Limit Temp : 2 C",
            "    GPU Slowdown T.Limit Temp : -2 C");
    Diagnosis.of(new Thermal(), new TextBox().with(SMI, smi)).is(Verdict.FAIL, "84", "4 °C");
  }

  @Test
  void clocksThatHeatHoldsDownAreTold() {
    String smi =
        smi(
            "01:00.0",
            "Product Name : A100",
            "Clocks Event Reasons",
            "    SW Thermal Slowdown : Active");
    Diagnosis.of(new Thermal(), new TextBox().with(SMI, smi))
        .is(Verdict.WARN, "SW Thermal Slowdown");
  }

  @Test
  void aFanThatStandsStillIsTold() {
    TextBox box =
        new TextBox()
            .with("sys/class/hwmon/hwmon1/name", "pwmfan\n")
            .with("sys/class/hwmon/hwmon1/fan1_input", "0\n")
            .with("sys/class/hwmon/hwmon1/pwm1", "204\n");
    Diagnosis.of(new Thermal(), box).is(Verdict.FAIL, "Fan 1", "pwmfan", "80 %");
    Diagnosis.of(new Thermal(), box.with("sys/class/hwmon/hwmon1/name", "nct6775\n"))
        .is(Verdict.INFO, "perhaps none");
  }

  @Test
  void switchesNeedTheFabricManager() {
    String bus =
        TWO_GPUS
            + "05:00.0 Bridge [0680]: NVIDIA Corporation GH100 [H100 NVSwitch] [10de:22a3] (rev"
            + " a1)\n";
    TextBox down =
        new TextBox()
            .with("lspci-nn.txt", bus)
            .with("systemctl.txt", "   Loaded: loaded\n   Active: failed (Result: exit-code)\n");
    Diagnosis.told(only(new FabricManager(), down), Verdict.FAIL, "fabricmanager", "1 NVSwitch");
    TextBox other =
        new TextBox()
            .with("lspci-nn.txt", bus)
            .with(
                "systemctl.txt",
                "   Active: failed\n"
                    + " nv-fabricmanager[7]: fabric manager NVIDIA GPU driver interface version"
                    + " 550.54.14 don't match with driver version 550.54.15.\n");
    Diagnosis.told(only(new FabricManager(), other), Verdict.FAIL, "another version");
    TextBox up =
        new TextBox()
            .with("lspci-nn.txt", bus)
            .with("systemctl.txt", "   Active: active (running) since Mon\n");
    Diagnosis.told(only(new FabricManager(), up), Verdict.OK, "runs");
    TextBox wireless =
        new TextBox()
            .with(
                "lspci-nn.txt",
                TWO_GPUS
                    + "06:00.0 Network controller [0280]: Intel Corporation 802.11ax"
                    + " [8086:2725]\n");
    assertEquals(Verdict.NOT_APPLICABLE, only(new FabricManager(), wireless).verdict());
    isUnread(new FabricManager());
  }

  @Test
  void aStrictFirmwareRefusesAnUnsignedModule() {
    TextBox refused =
        log(
            "[0.0] secureboot: Secure boot enabled",
            "[9.0] Loading of unsigned module is rejected");
    Diagnosis.told(only(new BootEfi(), refused), Verdict.WARN, "Secure boot is on", "refused");
    TextBox on =
        new TextBox()
            .with(
                "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
                new byte[] {6, 0, 0, 0, 1})
            .with("modinfo-nvidia.txt", "version:        580.95.05\nlicense:        NVIDIA\n");
    Diagnosis.told(only(new BootEfi(), on), Verdict.WARN, "unsigned");
    on.with(
        "modinfo-nvidia.txt",
        "license:        NVIDIA\nsigner:         box Secure Boot Module Signature key\n");
    Diagnosis.told(only(new BootEfi(), on), Verdict.OK, "Secure boot is on");
    isUnread(new BootEfi());
  }
}
