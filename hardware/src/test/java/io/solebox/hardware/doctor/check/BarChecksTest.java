package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Rooms for BARs: as kernels under emulation and of people have told of them. */
class BarChecksTest {
  private static final String GPU = "sys/bus/pci/devices/0000:01:00.0/";

  /** Linux 6.1 on QEMU's virt, highmem=off: recorded. */
  private static final String NO_SPACE =
      """
      [    0.446136] pci_bus 0000:00: root bus resource [mem 0x10000000-0x3efeffff]
      [    0.454328] pci 0000:00:01.0: [1b36:000c] type 01 class 0x060400
      [    0.457493] pci 0000:01:00.0: [1af4:1110] type 00 class 0x050000
      [    0.457719] pci 0000:01:00.0: BAR 2 [mem 0x00000000-0x7ffffffff 64bit pref]
      [    0.460013] pci 0000:00:01.0: bridge window [mem size 0x800000000 64bit pref]: can't assign; no space
      [    0.460183] pci 0000:00:01.0: bridge window [mem size 0x800000000 64bit pref]: failed to assign
      [    0.460360] pci 0000:00:01.0: bridge window [mem 0x10000000-0x101fffff]: assigned
      [    0.460862] pci 0000:01:00.0: BAR 2 [mem size 0x800000000 64bit pref]: can't assign; no space
      [    0.460972] pci 0000:01:00.0: BAR 2 [mem size 0x800000000 64bit pref]: failed to assign
      [    0.461198] pci 0000:00:01.0: PCI bridge to [bus 01]
      """;

  /** The same with highmem: recorded. */
  private static final String ASSIGNED =
      """
      [    0.651204] pci_bus 0000:00: root bus resource [mem 0x10000000-0x3efeffff]
      [    0.652260] pci_bus 0000:00: root bus resource [mem 0x8000000000-0xffffffffff]
      [    0.661319] pci 0000:00:01.0: [1b36:000c] type 01 class 0x060400
      [    0.669149] pci 0000:01:00.0: [1af4:1110] type 00 class 0x050000
      [    0.667531] pci 0000:01:00.0: BAR 2 [mem 0x00000000-0x7ffffffff 64bit pref]
      [    0.670785] pci 0000:00:01.0: bridge window [mem 0x8000000000-0x87ffffffff 64bit pref]: assigned
      [    0.672952] pci 0000:01:00.0: BAR 2 [mem 0x8000000000-0x87ffffffff 64bit pref]: assigned
      [    0.673222] pci 0000:00:01.0: PCI bridge to [bus 01]
      [    0.674183] pci 0000:00:01.0:   bridge window [mem 0x8000000000-0x87ffffffff 64bit pref]
      """;

  private static TextBox log(String text) {
    return new TextBox().with("dmesg.txt", text);
  }

  private static void check(Check check, TextBox box, Verdict verdict, String... words) {
    Diagnosis.of(check, box).is(verdict, words);
  }

  private static final String SECRET = "root is needed";

  private static TextBox secret() {
    return new TextBox().unreadable("dmesg.txt", SECRET);
  }

  @Test
  void noSpace() {
    check(new GpuBarNoSpace(), log(NO_SPACE), Verdict.FAIL, "BAR2", "32 GiB", "0000:01:00.0");
    check(new GpuBarNoSpace(), log(ASSIGNED), Verdict.OK);
    check(new GpuBarNoSpace(), secret(), Verdict.NOT_READ, SECRET);
  }

  /** Of kernels until 6.7, which number windows of bridges from 13, or from 7. */
  @Test
  void noSpace_inTheOldWording() {
    String gpu = "pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200\n";
    check(
        new GpuBarNoSpace(),
        log(gpu + "pci 0000:01:00.0: BAR 1: no space for [mem size 0x800000000 64bit pref]\n"),
        Verdict.FAIL,
        "BAR1",
        "32 GiB");
    check(
        new GpuBarNoSpace(),
        log(
            "pci 0000:00:1c.0: [8086:8d10] type 01 class 0x060400\n"
                + gpu
                + "pci 0000:00:1c.0: BAR 9: no space for [mem size 0xc00000000 64bit pref]\n"
                + "pci 0000:00:1c.0: PCI bridge to [bus 01]\n"),
        Verdict.FAIL,
        "0000:00:1c.0",
        "48 GiB");
  }

  @Test
  void noSpace_thatWasFoundAtTheSecondTry() {
    check(
        new GpuBarNoSpace(),
        log(
            NO_SPACE
                + "pci 0000:00:01.0: bridge window [mem 0x8000000000-0x87ffffffff 64bit pref]:"
                + " assigned\n"
                + "pci 0000:01:00.0: BAR 2 [mem 0x8000000000-0x87ffffffff 64bit pref]: assigned\n"),
        Verdict.OK);
  }

  /** What amdgpu and nvidia do at their start; the kernel gives back what was there. */
  @Test
  void noSpace_forALargerBarThanTheOneThatWorks() {
    String gpu =
        """
        pci 0000:0a:00.0: [10de:2684] type 00 class 0x030000
        pci 0000:0a:00.0: reg 0x14: [mem 0x4000000000-0x400fffffff 64bit pref]
        pci 0000:00:1d.4: PCI bridge to [bus 0a]
        pci 0000:00:1d.4:   bridge window [mem 0x4000000000-0x4011ffffff 64bit pref]
        """;
    check(
        new GpuBarNoSpace(),
        log(
            gpu
                + "pcieport 0000:00:1d.4: BAR 15: releasing [mem 0x4000000000-0x4011ffffff 64bit"
                + " pref]\n"
                + "pcieport 0000:00:1d.4: BAR 15: no space for [mem size 0xc00000000 64bit pref]\n"
                + "pcieport 0000:00:1d.4: BAR 15: failed to assign [mem size 0xc00000000 64bit"
                + " pref]\n"),
        Verdict.INFO,
        "48 GiB in place of 288 MiB");
  }

  @Test
  void noSpace_thatNoGpuNeeds() {
    check(
        new GpuBarNoSpace(),
        log(
            "pci 0000:01:00.0: [10de:1b38] type 00 class 0x030200\n"
                + "pci 0000:01:00.0: VF BAR 0 [mem size 0x02000000 64bit pref]: can't assign; no"
                + " space\n"
                + "pci 0000:01:00.0: ROM [mem size 0x00080000 pref]: can't assign; no space\n"
                + "pci 0000:01:00.0: BAR 5 [io  size 0x0080]: can't assign; no space\n"
                + "pci 0000:00:1c.4: bridge window [mem size 0x00200000 64bit pref]: failed to"
                + " assign\n"),
        Verdict.OK,
        "no GPU needs it");
  }

  @Test
  void hostWindow() {
    check(new HostWindowRoom(), log(NO_SPACE), Verdict.FAIL, "32 GiB", "0x10000000", "above 4 GiB");
    check(new HostWindowRoom(), log(ASSIGNED), Verdict.OK, "512 GiB", "32 GiB");
    check(new HostWindowRoom(), secret(), Verdict.NOT_READ);
  }

  /** Two sizes make a window of 48 GiB, whose alignment a large window may not have room for. */
  @Test
  void hostWindow_thatIsLargeEnoughAndOffTheAlignment() {
    String gpu =
        """
        pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200
        pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space
        pci 0000:01:00.0: BAR 3 [mem size 0x02000000 64bit pref]: can't assign; no space
        """;
    String window = "pci_bus 0000:00: root bus resource [mem 0x%s-0x%s window]\n";
    check(
        new HostWindowRoom(),
        log(gpu + window.formatted("41f600000", "1007ffffff")),
        Verdict.FAIL,
        "48 GiB aligned to 16 GiB",
        "where the installed memory ends",
        "only 32.1 GiB remain");
    check(
        new HostWindowRoom(),
        log(gpu + window.formatted("400000000", "fffffffff")),
        Verdict.OK,
        "48 GiB");
  }

  @Test
  void hostWindow_fromIomem() {
    check(
        new HostWindowRoom(),
        log("pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space\n")
            .with(
                "proc/iomem",
                "00000000-00000fff : Reserved\nc0000000-febfffff : PCI Bus 0000:00\n"),
        Verdict.FAIL,
        "0xc0000000");
  }

  /** As of an RTX 3090 on an RK3588 with its stock device tree (Rockchip-pcie-devices#2). */
  @Test
  void severalBarsOfADevice() {
    TextBox box =
        log(
            """
            pci_bus 0000:00: root bus resource [mem 0xf0200000-0xf0ffffff]
            pci 0000:00:00.0: [1d87:3588] type 01 class 0x060400 PCIe Root Port
            pci 0000:00:00.0: BAR 0 [mem size 0x40000000]: can't assign; no space
            pci 0000:01:00.0: [10de:2204] type 00 class 0x030000 PCIe Legacy Endpoint
            pci 0000:01:00.0: BAR 1 [mem size 0x10000000 64bit pref]: can't assign; no space
            pci 0000:01:00.0: BAR 3 [mem size 0x02000000 64bit pref]: can't assign; no space
            pci 0000:01:00.0: BAR 0 [mem size 0x01000000]: can't assign; no space
            pci 0000:00:00.0: PCI bridge to [bus 01-ff]
            """);
    check(new GpuBarNoSpace(), box, Verdict.FAIL, "BAR1 (256 MiB), BAR3 (32 MiB), BAR0 (16 MiB)");
    check(new HostWindowRoom(), box, Verdict.FAIL, "384 MiB aligned to 128 MiB", "14 MiB");
    check(new HostWindowRoom(), box, Verdict.FAIL, "16 MiB aligned to 16 MiB below 4 GiB");
  }

  @Test
  void hostWindow_forACardOfTheTable() {
    TextBox box =
        log("pci_bus 0000:00: root bus resource [mem 0xc0000000-0xfeafffff window]\n")
            .with("lspci-nn.txt", "01:00.0 3D controller [0302]: NVIDIA [10de:1b38] (rev a1)\n");
    check(new HostWindowRoom(), box, Verdict.FAIL, "32 GiB aligned to 32 GiB");
  }

  @Test
  void hostWindow_ofAKnownChip() {
    check(
        new HostWindowRoom(),
        new TextBox().with("proc/device-tree/compatible", "radxa,rock-5b\0rockchip,rk3588\0"),
        Verdict.INFO,
        "1 GiB");
  }

  @Test
  void bridgeWindow() {
    check(new BridgeWindow(), log(NO_SPACE), Verdict.FAIL, "no prefetchable memory", "32 GiB");
    check(new BridgeWindow(), log(ASSIGNED), Verdict.OK);
    check(new BridgeWindow(), secret(), Verdict.NOT_READ);
  }

  @Test
  void bridgeWindow_thatIsTooSmall() {
    String small =
        ASSIGNED
            .replace(
                "0x8000000000-0x87ffffffff 64bit pref]: assigned\n[    0.672",
                "0x8000000000-0x80001fffff 64bit pref]: assigned\n[    0.672")
            .replace(
                "BAR 2 [mem 0x8000000000-0x87ffffffff 64bit pref]: assigned",
                "BAR 2 [mem size 0x800000000 64bit pref]: can't assign; no space")
            .replace(
                "  bridge window [mem 0x8000000000-0x87ffffffff 64bit pref]",
                "  bridge window [mem 0x8000000000-0x80001fffff 64bit pref]");
    check(new BridgeWindow(), log(small), Verdict.FAIL, "only 2 MiB", "32 GiB");
  }

  @Test
  void assigned() {
    check(new GpuBarAssigned(), log(NO_SPACE), Verdict.FAIL, "BAR2 (32 GiB)");
    check(new GpuBarAssigned(), log(ASSIGNED), Verdict.OK, "BAR2 (32 GiB)");
    check(new GpuBarAssigned(), gpu().unreadable(GPU + "resource", SECRET), Verdict.NOT_READ);
  }

  private static TextBox gpu() {
    return new TextBox()
        .with(GPU + "vendor", "0x10de")
        .with(GPU + "device", "0x1db5")
        .with(GPU + "class", "0x030200");
  }

  /** The kernel has forgotten it; the device's own register still says that it is there. */
  @Test
  void assigned_byTheRegister() {
    ByteBuffer config = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    config.putInt(0, 0x1db510de).putInt(0x10, 0xb3000000).putInt(0x14, 0x0000000c);
    String lines =
        "0x00000000b3000000 0x00000000b3ffffff 0x0000000000040200\n"
            + "0x0000000000000000 0x0000000000000000 0x0000000000000000\n".repeat(5);
    check(
        new GpuBarAssigned(),
        gpu().with(GPU + "config", config.array()).with(GPU + "resource", lines),
        Verdict.FAIL,
        "BAR1 of 0000:01:00.0 has no address");
  }

  @Test
  void assigned_asAmdsDriverFails() {
    for (String line :
        new String[] {
          "amdgpu: probe of 0000:83:00.0 failed with error -12\n",
          "amdgpu 0000:83:00.0: probe with driver amdgpu failed with error -12\n"
        }) {
      check(new GpuBarAssigned(), log(line), Verdict.FAIL, "-12");
    }
  }

  private static String smi(int bar, int memory) {
    return """
    GPU 00000000:01:00.0
        Product Name                          : NVIDIA RTX A4000
        FB Memory Usage
            Total                             : %d MiB
        BAR1 Memory Usage
            Total                             : %d MiB
    """
        .formatted(memory, bar);
  }

  @Test
  void bar1Size() {
    check(
        new GpuBar1Size(),
        new TextBox().with("nvidia-smi-q.txt", smi(256, 16376)),
        Verdict.INFO,
        "256 MiB for 16 GiB");
    check(
        new GpuBar1Size(),
        new TextBox().with("nvidia-smi-q.txt", smi(16384, 16376)),
        Verdict.OK,
        "16 GiB");
    check(new GpuBar1Size(), gpu(), Verdict.NOT_READ);
  }

  @Test
  void nvrmBar() {
    String refused =
        """
        [   43.223730] NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:
                       NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)
        """;
    check(new NvrmBar(), log(refused), Verdict.FAIL, "BAR1 is 0M @ 0x0", "0000:01:00.0");
    check(
        new NvrmBar(),
        log(
            "NVRM: This is a 64-bit BAR mapped above 4GB by the system BIOS or the Linux kernel,"
                + " but\n"),
        Verdict.FAIL,
        "64-bit BAR");
    check(new NvrmBar(), log(ASSIGNED), Verdict.OK);
    check(new NvrmBar(), secret(), Verdict.NOT_READ, SECRET);
  }
}
