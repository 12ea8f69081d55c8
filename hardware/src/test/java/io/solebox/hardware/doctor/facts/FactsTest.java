package io.solebox.hardware.doctor.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is worked out of each kind of source; how sources are put together. */
class FactsTest {
  private static final String DEVICE = "sys/bus/pci/devices/0000:01:00.0/";

  /** A V100 whose BAR1 the kernel gave up, as its resource file then shows it. */
  private static TextBox sysfs() {
    return new TextBox()
        .with(DEVICE + "vendor", "0x10de\n")
        .with(DEVICE + "device", "0x1db5\n")
        .with(DEVICE + "class", "0x030200\n")
        .with(
            DEVICE + "resource",
            """
            0x0000000010000000 0x0000000010ffffff 0x0000000000040200
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x0000000000000000 0x0000000000000000 0x0000000000000000
            0x0000000000000000 0x0000000001ffffff 0x0000000020142208
            """)
        .with(DEVICE + "max_link_speed", "8.0 GT/s PCIe\n")
        .with(DEVICE + "max_link_width", "16\n")
        .with(DEVICE + "current_link_speed", "2.5 GT/s PCIe\n")
        .with(DEVICE + "current_link_width", "4\n")
        .with(DEVICE + "numa_node", "-1\n")
        .withLink(DEVICE + "driver", "../../../bus/pci/drivers/nvidia");
  }

  @Test
  void sysfs_saysWhatThereIs() {
    Gpu gpu = Facts.of(sysfs()).pci().gpus().getFirst();
    assertEquals("Tesla V100 SXM2 32GB (10de:1db5)", gpu.name());
    assertEquals("Volta", gpu.architecture().orElseThrow().name());
    assertEquals("nvidia", gpu.pci().driver().orElseThrow().value());
    assertEquals(new PciLink(8, 16), gpu.pci().maxLink().orElseThrow().value());
    assertEquals(new PciLink(2.5, 4), gpu.pci().link().orElseThrow().value());
    assertEquals(OptionalInt.empty(), gpu.pci().numaNode());
    assertEquals(16L << 20, gpu.pci().bar(0).orElseThrow().value().size());
    assertEquals(Optional.empty(), gpu.pci().bar(1));
    PciBar unset = gpu.pci().bar(3).orElseThrow().value();
    assertEquals(OptionalLong.empty(), unset.start());
    assertEquals(32L << 20, unset.size());
    assertEquals(
        new Evidence(
            DEVICE + "resource", 1, "0x0000000010000000 0x0000000010ffffff 0x0000000000040200"),
        gpu.pci().bar(0).orElseThrow().evidence());
  }

  @Test
  void theLogGivesTheSizeOfWhatSysfsForgot_butNotAPlace() {
    TextBox box =
        sysfs()
            .with(
                "dmesg.txt",
                "pci 0000:01:00.0: BAR 1 [mem 0x6000000000-0x67ffffffff 64bit pref]\n");
    PciBar bar = Facts.of(box).pci().gpus().getFirst().pci().bar(1).orElseThrow().value();
    assertEquals(32L << 30, bar.size());
    assertEquals(OptionalLong.empty(), bar.start());
  }

  @Test
  void theLogAloneTellsOfGpusAndBridges_theLastWordCounts() {
    TextBox box =
        new TextBox()
            .with(
                "dmesg.txt",
                """
                [    0.1] pci 0000:00:01.0: [8086:0151] type 01 class 0x060400
                [    0.2] pci 0000:01:00.0: [10de:1b38] type 00 class 0x030200
                [    0.3] pci 0000:01:00.0: BAR 1: no space for [mem size 0x800000000 64bit pref]
                [    0.4] pci 0000:01:00.0: BAR 1: failed to assign [mem size 0x800000000 64bit pref]
                [    0.5] pci 0000:01:00.0: BAR 1: assigned [mem 0x6000000000-0x67ffffffff 64bit pref]
                [    0.6] pci 0000:00:01.0: PCI bridge to [bus 01-02]
                """);
    Pci pci = Facts.of(box).pci();
    assertFalse(pci.listed());
    Gpu gpu = pci.gpus().getFirst();
    assertEquals("Pascal", gpu.architecture().orElseThrow().name());
    assertTrue(gpu.pci().bar(1).orElseThrow().value().start().isPresent());
    assertEquals("0000:00:01.0", pci.above(gpu.address()).getFirst().address().toString());
    assertEquals(
        List.of(gpu.pci()),
        pci.below(pci.device(pci.above(gpu.address()).getFirst().address()).orElseThrow()));
  }

  @Test
  void lspciInFull() {
    TextBox box =
        new TextBox()
            .with(
                "lspci-vvv.txt",
                """
                01:00.0 3D controller: NVIDIA Corporation GV100GL [Tesla V100 SXM2 32GB] (rev a1)
                	Subsystem: NVIDIA Corporation Device 1249
                	NUMA node: 1
                	IOMMU group: 15
                	Region 0: Memory at b3000000 (32-bit, non-prefetchable) [size=16M]
                	Region 1: Memory at <unassigned> (64-bit, prefetchable) [disabled] [size=32G]
                	Region 3: Memory at 387000000000 (64-bit, prefetchable) [size=32M]
                	Capabilities: [78] Express (v2) Endpoint, MSI 00
                		LnkCap:	Port #2, Speed 8GT/s, Width x16, ASPM not supported
                		LnkSta:	Speed 8GT/s, Width x8 (downgraded)
                	Capabilities: [bb0 v1] Physical Resizable BAR
                		BAR 1: current size: 32GB, supported: 64MB 16GB 32GB
                	Kernel driver in use: nvidia
                """)
            .with(
                "lspci-nn.txt",
                "01:00.0 3D controller [0302]: NVIDIA Corporation GV100GL [Tesla V100 SXM2 32GB]"
                    + " [10de:1db5] (rev a1)\n");
    Gpu gpu = Facts.of(box).pci().gpus().getFirst();
    assertEquals("10de:1db5", gpu.pci().id());
    assertEquals(32L << 30, gpu.pci().bar(1).orElseThrow().value().size());
    assertEquals(OptionalLong.empty(), gpu.pci().bar(1).orElseThrow().value().start());
    assertTrue(gpu.pci().bar(3).orElseThrow().value().start().isPresent());
    assertEquals(new PciLink(8, 8), gpu.pci().link().orElseThrow().value());
    assertEquals(Optional.of("15"), gpu.pci().iommuGroup());
    assertEquals(OptionalInt.of(1), gpu.pci().numaNode());
    assertEquals(
        List.of(64L << 20, 16L << 30, 32L << 30), gpu.pci().resizable().getFirst().supported());
  }

  @Test
  void nvidiaSmiAlone() {
    TextBox box =
        new TextBox()
            .with(
                "nvidia-smi-q.txt",
                """
                Attached GPUs                             : 1
                GPU 00000000:07:00.0
                    Product Name                          : NVIDIA A100-SXM4-80GB
                    Product Architecture                  : Ampere
                    PCI
                        Device Id                         : 0x20B210DE
                        GPU Link Info
                            PCIe Generation
                                Max                       : 4
                                Current                   : 1
                            Link Width
                                Max                       : 16x
                                Current                   : 16x
                    Remapped Rows                         : N/A
                    Temperature
                        GPU Current Temp                  : 28 C
                        Memory Current Temp               : N/A
                """);
    Gpu gpu = Facts.of(box).pci().gpus().getFirst();
    assertEquals("0000:07:00.0", gpu.device());
    assertEquals("10de:20b2", gpu.pci().id());
    assertEquals(new PciLink(16, 16), gpu.pci().maxLink().orElseThrow().value());
    SmiGpu smi = gpu.smi().orElseThrow();
    assertEquals(28, smi.number("Temperature/GPU Current Temp").orElseThrow());
    assertTrue(smi.value("Temperature/Memory Current Temp", "Remapped Rows").isEmpty());
  }

  @Test
  void hostFromSmallTexts() {
    Host pi =
        Facts.of(
                new TextBox()
                    .with("getconf-pagesize.txt", "16384\n")
                    .with("uname.txt", "Linux host 6.12.47-v8-16k+ aarch64\n")
                    .with("proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0"))
            .host();
    assertEquals("aarch64", pi.architecture().orElseThrow().value());
    assertEquals("6.12.47-v8-16k+", pi.kernel().orElseThrow().value());
    assertEquals(16384, pi.pageBytes().orElseThrow().value());
    assertTrue(pi.model().orElseThrow().value().name().contains("BCM2712"));
    Host log =
        Facts.of(
                new TextBox()
                    .with(
                        "dmesg.txt",
                        """
                        [    0.0] Booting Linux on physical CPU 0x0000000000 [0x410fd083]
                        [    0.0] Linux version 6.1.0-50-cloud-arm64 (debian@x)
                        [    0.0] Kernel command line: console=ttyAMA0 pci=realloc=on
                        """))
            .host();
    assertEquals("aarch64", log.architecture().orElseThrow().value());
    assertEquals("6.1.0-50-cloud-arm64", log.kernel().orElseThrow().value());
    assertEquals("console=ttyAMA0 pci=realloc=on", log.commandLine().orElseThrow().value());
    assertEquals(Optional.empty(), log.pageBytes());
  }

  @Test
  void nothingIsNothing() {
    Facts facts = Facts.of(new TextBox().unreadable("dmesg.txt", "root is needed"));
    assertTrue(facts.pci().devices().isEmpty());
    assertTrue(facts.host().kernel().isEmpty());
  }
}
