package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Verdict;
import org.junit.jupiter.api.Test;

class HostChecksTest {
  private static final String DRIVER = "proc/driver/nvidia/version";
  private static final String GPU =
      "pci 0000:01:00.0: [10de:2507] type 00 class 0x030000 PCIe Endpoint\n";

  private static void check(Check check, TextBox box, Verdict verdict, String... words) {
    Diagnosis.of(check, box).is(verdict, words);
  }

  private static TextBox log(String text) {
    return new TextBox().with("dmesg.txt", text);
  }

  private static TextBox secret() {
    return new TextBox().unreadable("dmesg.txt", "root is needed");
  }

  private static TextBox arm(int page, String driver) {
    return new TextBox()
        .with("getconf-pagesize.txt", page + "\n")
        .with("uname.txt", "Linux host 6.12.47 aarch64\n")
        .with(DRIVER, "NVRM version: NVIDIA UNIX " + driver + "  Release Build\n");
  }

  @Test
  void pageSize() {
    String open = "Open Kernel Module for aarch64  580.95.05";
    String closed = "Kernel Module for aarch64  580.95.05";
    check(new KernelPageSize(), arm(16384, open), Verdict.FAIL, "16384", "4096", "580.95.05");
    check(new KernelPageSize(), arm(16384, closed), Verdict.OK);
    check(new KernelPageSize(), arm(4096, open), Verdict.OK);
    check(
        new KernelPageSize(),
        new TextBox().with("uname.txt", "Linux pi 6.12.47-v8-16k+ #1 SMP aarch64 GNU/Linux\n"),
        Verdict.WARN,
        "16384");
    check(new KernelPageSize(), new TextBox(), Verdict.NOT_READ);
  }

  /** open-gpu-kernel-modules#1269. */
  @Test
  void pageSize_of64K() {
    TextBox bad = arm(65536, "Open Kernel Module for aarch64  595.45.04");
    check(new KernelPageSize(), bad, Verdict.WARN, "65536");
    bad.with("dmesg.txt", "NVRM: Xid (PCI:0000:01:00): 31, pid=1, name=a, Ch 0000000a\n");
    check(new KernelPageSize(), bad, Verdict.FAIL, "65536", "595.45.04");
    check(
        new KernelPageSize(), arm(65536, "Open Kernel Module for aarch64  580.95.05"), Verdict.OK);
  }

  private static TextBox chip(String compatible) {
    return log(GPU).with("proc/device-tree/compatible", compatible);
  }

  @Test
  void coherency() {
    check(new ArmCoherency(), chip("rockchip,rk3588\0"), Verdict.WARN, "RK3588");
    check(new ArmCoherency(), chip("cix,sky1\0"), Verdict.OK);
    check(new ArmCoherency(), log(GPU), Verdict.NOT_READ);
  }

  @Test
  void erratum() {
    String altra = "sys/class/dmi/id/product_name";
    String name = "Ampere Altra Developer Platform\n";
    check(new ArmErratum(), new TextBox().with(altra, name), Verdict.WARN, "82288");
    check(
        new ArmErratum(),
        log("CPU features: detected: Ampere erratum 82288\n").with(altra, name),
        Verdict.OK);
    check(new ArmErratum(), chip("rockchip,rk3588\0"), Verdict.OK);
    check(new ArmErratum(), new TextBox(), Verdict.NOT_READ);
  }

  @Test
  void smmu() {
    check(
        new SmmuFaults(),
        log("arm-smmu 5000000.iommu: Blocked unknown Stream ID 0x400; boot with \"arm-smmu\"\n"),
        Verdict.FAIL,
        "Stream 0x400");
    check(
        new SmmuFaults(),
        log(
            "arm-smmu-v3 9050000.smmuv3: event 0x10 received:\n"
                + "arm-smmu-v3 9050000.smmuv3: \t0x0000010000000010\n"),
        Verdict.FAIL,
        "Stream 0x100",
        "F_TRANSLATION");
    check(
        new SmmuFaults(),
        log(
            "arm-smmu-v3 9050000.smmuv3: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid:"
                + " 0x0 iova: 0xf9800000 ipa: 0x0\n"),
        Verdict.FAIL,
        "0x100",
        "0xf9800000");
    check(new SmmuFaults(), log("arm-smmu 5000000.iommu: probing hardware\n"), Verdict.OK);
    check(new SmmuFaults(), secret(), Verdict.NOT_READ, "root is needed");
  }

  @Test
  void smmu_ofPcs() {
    check(
        new SmmuFaults(),
        log(
            GPU
                + "nvidia 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f"
                + " address=0xf9800000 flags=0x0020]\n"),
        Verdict.FAIL,
        "0000:01:00.0",
        "0xf9800000");
    check(
        new SmmuFaults(),
        log(
            "DMAR: [DMA Read] Request device [06:00.0] fault addr dbd00000 [fault reason 06] PTE"
                + " Read access is not set\n"),
        Verdict.WARN,
        "06:00.0");
  }

  @Test
  void group() {
    String bridge = "pcieport 0000:00:01.0: Adding to iommu group 0\n";
    check(new IommuGroup(), log(GPU + bridge), Verdict.WARN, "0000:01:00.0");
    check(
        new IommuGroup(),
        log(GPU + bridge + "nvidia 0000:01:00.0: Adding to iommu group 1\n"),
        Verdict.OK);
    check(new IommuGroup(), log(GPU), Verdict.NOT_APPLICABLE);
    check(
        new IommuGroup(),
        secret().with("lspci-nn.txt", "01:00.0 3D controller [0302]: NVIDIA [10de:1b38]\n"),
        Verdict.NOT_READ);
  }

  private static TextBox line(String text) {
    return new TextBox().with("proc/cmdline", text + "\n");
  }

  @Test
  void commandLine() {
    Check check = new CmdlineUnknown();
    check(check, line("root=/dev/sda resizable_bar=1"), Verdict.WARN, "resizable_bar=1");
    check(check, line("pci=realloc=on,hpmmio=512G"), Verdict.WARN, "pci=hpmmio", "hpmmiosize=");
    check(check, log("PCI: Unknown option `hpmmio=512G'\n"), Verdict.WARN, "pci=hpmmio");
    check(
        check,
        line(
            "BOOT_IMAGE=/vmlinuz pci=realloc=on,hpmmioprefsize=512G,noaer"
                + " pci=disable_acs_redir=0000:00:01.0;0000:00:02.0 iommu=pt"
                + " pci=resource_alignment=20@0000:01:00.0 nvidia.NVreg_EnableResizableBar=1"),
        Verdict.OK);
    check(check, new TextBox(), Verdict.NOT_READ);
  }
}
