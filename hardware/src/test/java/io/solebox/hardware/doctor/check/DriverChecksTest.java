package io.solebox.hardware.doctor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is recorded of drivers that do not serve their GPUs, and of some that do. */
final class DriverChecksTest {
  private static final String VERSION = "proc/driver/nvidia/version";
  private static final String OPEN =
      "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  %s  Release Build\n";
  private static final String PROPRIETARY =
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  %s  Tue Sep 23 10:11:16 UTC 2025\n";
  private static final String V100 =
      "%s 3D controller [0302]: NVIDIA Corporation GV100GL [Tesla V100 SXM2 32GB] [10de:1db5] (rev"
          + " a1)\n";
  private static final String A100 =
      "%s 3D controller [0302]: NVIDIA Corporation GA100 [A100 SXM4 80GB] [10de:20b2] (rev a1)\n";
  private static final String RTX5090 =
      "%s VGA compatible controller [0300]: NVIDIA Corporation GB202 [GeForce RTX 5090] [10de:2b85]"
          + " (rev a1)\n";

  private static Finding only(Check check, TextBox box) {
    return Diagnosis.of(check, box).only();
  }

  private static void says(Finding finding, Verdict verdict, String... words) {
    Diagnosis.told(finding, verdict, words);
  }

  private static void isUnread(Check check) {
    assertEquals(Verdict.NOT_READ, only(check, new TextBox()).verdict());
  }

  @Test
  void anOpenModuleRefusesWhatHasNoSystemProcessor() {
    // open-gpu-kernel-modules#322, as journals have it: every line with its own head.
    String head = "Nov 30 11:12:13 box kernel: ";
    TextBox said =
        new TextBox()
            .with(
                "journal.txt",
                (head + "NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:1bb3)\r\n")
                    + (head + "NVRM: installed in this system is not supported by open\r\n")
                    + (head + "nvidia-nvlink: something between\r\n")
                    + (head + "NVRM: nvidia.ko because it does not include the required GPU\r\n"));
    Finding finding = only(new DriverFlavour(), said);
    says(finding, Verdict.FAIL, "10de:1bb3", "Pascal", "open", "proprietary", "R580");
    assertEquals("0000:01:00.0", finding.device().orElseThrow());

    TextBox two =
        new TextBox()
            .with(VERSION, OPEN.formatted("575.57.08"))
            .with("lspci-nn.txt", V100.formatted("01:00.0") + A100.formatted("02:00.0"));
    says(only(new DriverFlavour(), two), Verdict.FAIL, "10de:1db5", "575.57.08");
  }

  @Test
  void aProprietaryModuleDoesNotServeBlackwell() {
    TextBox box =
        new TextBox()
            .with(VERSION, PROPRIETARY.formatted("580.95.05"))
            .with("lspci-nn.txt", RTX5090.formatted("01:00.0"));
    says(only(new DriverFlavour(), box), Verdict.FAIL, "Blackwell", "open flavour");
    TextBox said =
        new TextBox()
            .with(
                "dmesg.txt",
                """
                [    5.1] NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2b85)
                          NVRM: installed in this system requires use of the NVIDIA open kernel modules.
                """);
    says(only(new DriverFlavour(), said), Verdict.FAIL, "10de:2b85", "open flavour");
  }

  @Test
  void aFlavourThatServesTheGpuIsFine() {
    TextBox box =
        new TextBox()
            .with("modinfo-nvidia.txt", "version:        580.95.05\nlicense:        NVIDIA\n")
            .with("lspci-nn.txt", V100.formatted("01:00.0") + A100.formatted("02:00.0"));
    says(only(new DriverFlavour(), box), Verdict.OK, "proprietary");
    isUnread(new DriverFlavour());
  }

  @Test
  void aBranchAfterTheLastOneForAGpuFails() {
    TextBox box =
        new TextBox()
            .with(VERSION, PROPRIETARY.formatted("595.58.03"))
            .with("lspci-nn.txt", V100.formatted("01:00.0") + A100.formatted("02:00.0"));
    Finding finding = only(new DriverBranch(), box);
    says(finding, Verdict.FAIL, "595.58.03", "R580", "Volta");
    assertEquals("0000:01:00.0", finding.device().orElseThrow());
    String message =
        """
        [    5.1] NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:1b38)
                  NVRM: installed in this system is not supported by the
                  NVRM: NVIDIA 595.58.03 driver release.
        """;
    says(
        only(new DriverBranch(), new TextBox().with("dmesg.txt", message)),
        Verdict.FAIL,
        "10de:1b38",
        "R580");
  }

  @Test
  void theLastBranchForAGpuIsFine() {
    TextBox box =
        new TextBox()
            .with("nvidia-smi-q.txt", "Driver Version : 580.95.05\nCUDA Version : 13.0\n")
            .with("lspci-nn.txt", V100.formatted("01:00.0"));
    says(only(new DriverBranch(), box), Verdict.OK, "580.95.05", "R580");
    isUnread(new DriverBranch());
  }

  @Test
  void nouveauIsInTheWay() {
    TextBox box =
        new TextBox()
            .with(
                "lsmod.txt",
                "Module                  Size  Used by\nnouveau              2285568  1\n")
            .with("dmesg.txt", "[    3.1] nouveau 0000:01:00.0: NVIDIA GV100 (140000a1)\n");
    says(only(new Nouveau(), box), Verdict.FAIL, "nouveau", "lacklist");
    says(only(new DriverOwner(), box), Verdict.FAIL, "nouveau", "lacklist");
    TextBox beside =
        new TextBox().with("proc/modules", "nvidia 1 2 - Live 0x0\nnouveau 1 0 - Live 0x0\n");
    says(only(new Nouveau(), beside), Verdict.WARN, "beside");
    TextBox healthy = new TextBox().with("proc/modules", "nvidia 1 2 - Live 0x0\n");
    says(only(new Nouveau(), healthy), Verdict.OK);
    says(only(new DriverOwner(), healthy), Verdict.OK);
    isUnread(new Nouveau());
    isUnread(new DriverOwner());
  }

  @Test
  void novaHoldsOneOfTwoGpus() {
    TextBox box =
        new TextBox()
            .with("dmesg.txt", "[  201.9] NVRM: GPU 0000:01:00.0 is already bound to NovaCore.\n")
            .with("lsmod.txt", "nova_core 131072 0\nnvidia 1 2\n")
            .with("lspci-nn.txt", A100.formatted("02:00.0"));
    Finding finding = only(new DriverOwner(), box);
    says(finding, Verdict.FAIL, "nova_core", "lacklist", "nouveau alone does not help");
    assertEquals("0000:01:00.0", finding.device().orElseThrow());
  }

  @Test
  void aGpuForAVirtualMachineIsAWarning() {
    TextBox box =
        new TextBox()
            .with("sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n")
            .with("sys/bus/pci/devices/0000:01:00.0/device", "0x20b2\n")
            .with("sys/bus/pci/devices/0000:01:00.0/class", "0x030200\n")
            .withLink(
                "sys/bus/pci/devices/0000:01:00.0/driver", "../../../../bus/pci/drivers/vfio-pci");
    says(only(new DriverOwner(), box), Verdict.WARN, "vfio-pci", "virtual machine");
  }

  @Test
  void noDriverAtAllIsAFailure() {
    TextBox box =
        new TextBox()
            .with(
                "nvidia-smi.txt",
                "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make"
                    + " sure that the latest NVIDIA driver is installed and running.\n")
            .with("lspci-nn.txt", A100.formatted("02:00.0"));
    says(only(new DriverOwner(), box), Verdict.FAIL, "No driver", "dkms");
  }

  @Test
  void whatTheDriverSaysOfAGpuThatItCannotStartIsTold() {
    TextBox box =
        new TextBox()
            .with(
                "dmesg.txt",
                """
                [  276.229559] NVRM: GPU 000d:01:00.0: RmInitAdapter failed! (0x24:0x65:1423)
                [  277.229559] NVRM: GPU 000d:01:00.0: RmInitAdapter failed! (0x24:0x65:1423)
                [  278.0] nvidia 000e:01:00.0: Direct firmware load for nvidia/580.95.05/gsp_tu10x.bin failed with error -2
                [  278.1] NVRM: RmInitAdapter failed! (0x62:0x1a:2631)
                """);
    List<Finding> findings = Diagnosis.of(new NvrmInit(), box).findings();
    assertEquals(3, findings.size(), findings::toString);
    says(findings.get(0), Verdict.FAIL, "0x62:0x1a:2631", "Blackwell");
    says(findings.get(1), Verdict.FAIL, "000d:01:00.0", "(0x24:0x65:1423)");
    says(findings.get(2), Verdict.FAIL, "000e:01:00.0", "GSP");
    says(only(new NvrmInit(), new TextBox().with("dmesg.txt", "[  1.0] x\n")), Verdict.OK);
    isUnread(new NvrmInit());
  }

  @Test
  void aLibraryOfAnotherVersionIsAFailure() {
    TextBox box =
        new TextBox()
            .with(VERSION, PROPRIETARY.formatted("535.161.07"))
            .with(
                "nvidia-smi.txt",
                "Failed to initialize NVML: Driver/library version mismatch\n"
                    + "NVML library version: 535.171\n");
    says(only(new NvmlVersion(), box), Verdict.FAIL, "535.171", "535.161.07", "eboot");
    String mismatch =
        "[  9.1] NVRM: API mismatch: the client 'python3' (pid 4242)\n"
            + "[  9.2] NVRM: API mismatch: the client has the version 535.171.04, but\n"
            + "NVRM: this kernel module has the version 535.161.07.\n";
    says(
        only(new NvmlVersion(), new TextBox().with("dmesg.txt", mismatch)),
        Verdict.FAIL,
        "535.171.04");
    TextBox updated =
        new TextBox()
            .with(VERSION, PROPRIETARY.formatted("535.161.07"))
            .with("modinfo-nvidia.txt", "version:        535.171.04\n");
    says(only(new NvmlVersion(), updated), Verdict.WARN, "535.171.04", "535.161.07");
    TextBox healthy = new TextBox().with(VERSION, PROPRIETARY.formatted("535.161.07"));
    says(only(new NvmlVersion(), healthy), Verdict.OK);
    isUnread(new NvmlVersion());
  }

  @Test
  void aDriverThatIgnoresAnOldGpuNamesTheBranch() {
    // NixOS/nixos-hardware#1880, as dmesg -T prints it.
    TextBox box =
        new TextBox()
            .with(
                "dmesg.txt",
                """
                [Sun May 17 15:55:50 2026] NVRM: The NVIDIA NVIDIA GeForce GTX 1050 GPU installed in this system is
                                           NVRM:  supported through the NVIDIA 580.xx Legacy drivers. Please
                                           NVRM:  visit http://www.nvidia.com/object/unix.html for more
                                           NVRM:  information.  The 595.71.05 NVIDIA driver will ignore
                                           NVRM:  this GPU.  Continuing probe...
                [Sun May 17 15:55:50 2026] NVRM: No NVIDIA GPU found.
                """);
    says(only(new DriverBranch(), box), Verdict.FAIL, "GTX 1050", "R580", "595.71.05");
  }

  @Test
  void theProprietaryModuleEndsOnBlackwellAsItDoes() {
    // Start9Labs/start-technologies#3693, a GB10 of which the log says nothing else.
    TextBox box =
        new TextBox()
            .with(VERSION, PROPRIETARY.formatted("580.173.02"))
            .with(
                "dmesg.txt",
                """
                [  60.1] NVRM: Xid (PCI:000f:01:00): 169, fd8cd000 94000000
                [  60.2] NVRM: GPU 000f:01:00.0: RmInitAdapter failed! (0x62:0x1a:2631)
                """);
    says(only(new DriverFlavour(), box), Verdict.FAIL, "000f:01:00.0", "open flavour");
  }

  @Test
  void firmwareThatFailsIsOfTheGpuThatFailsNext() {
    TextBox box =
        new TextBox()
            .with(
                "dmesg.txt",
                """
                [  903.6] NVRM RmInitAdapter: Cannot initialize GSP firmware RM
                [  903.7] NVRM: GPU 0000:98:00.0: RmInitAdapter failed! (0x62:0x65:1792)
                """);
    says(only(new NvrmInit(), box), Verdict.FAIL, "0000:98:00.0", "0x62:0x65:1792", "GSP");
  }

  @Test
  void novaThatDoesNotKnowTheChipHoldsNothing() {
    TextBox box =
        new TextBox()
            .with("dmesg.txt", "[  2.1] NovaCore 0000:01:00.0: Unsupported chipset: 1b2\n")
            .with("lsmod.txt", "nova_core 131072 0\nnvidia 1 2\n");
    says(only(new DriverOwner(), box), Verdict.OK);
  }
}
