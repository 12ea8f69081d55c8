package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What kernels and drivers print, wording by wording: which of them print it so, and a line that
 * one has printed. {@code ADDRESS} in a pattern is a PCI address, and a group.
 */
public enum Wording {
  PCI_DEVICE(
      "Linux 2.6.30 and later",
      "pci ADDRESS: \\[([0-9a-f]{4}):([0-9a-f]{4})\\] type [0-9a-f]{2} class (0x[0-9a-f]{6})",
      "pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200"),
  PCI_BRIDGE(
      "Linux 2.6.30 and later",
      "pci ADDRESS: PCI bridge to \\[bus ([0-9a-f]{2})(?:-([0-9a-f]{2}))?\\]",
      "pci 0000:00:01.0: PCI bridge to [bus 01-02]"),
  ROOT_WINDOW(
      "Linux 3.3 and later; \"window\" since 4.0",
      "pci_bus ([0-9a-f]{4,8}):([0-9a-f]{2}): root bus resource"
          + " \\[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})[^\\]]*\\](?: \\(bus address \\[0x([0-9a-f]{1,16})-)?",
      "pci_bus 0000:00: root bus resource [mem 0x41f600000-0xfffffffff window]"),
  BAR_FOUND_OLD(
      "Linux 3.5 to 6.7",
      "ADDRESS: +reg 0x([0-9a-f]{2}): \\[([^\\]]*)\\]",
      "pci 0000:01:00.0: reg 0x14: [mem 0x6000000000-0x67ffffffff 64bit pref]"),
  BAR_OLD(
      "Linux 2.6.34 to 6.7",
      "ADDRESS: +BAR (\\d{1,9}): (no space for|failed to assign|assigned|releasing|"
          + "can't assign(?: mem)?(?: pref)?) (?:\\[([^\\]]*)\\]|\\(size (0x[0-9a-f]{1,16})\\))",
      "pci 0000:25:00.0: BAR 7: no space for [mem size 0x00100000 64bit]"),
  BAR_NEW(
      "Linux 6.8 and later, and stable kernels that took it over (recorded: Debian 6.1.0-50)",
      "ADDRESS: +(BAR (\\d{1,9})|VF BAR (\\d{1,9})|ROM|bridge window) \\[([^\\]]*)\\]"
          + "(?:: (can't assign; no space|can't assign; bogus alignment|failed to assign|"
          + "assigned|releasing|not assigned)| *$|: *$)",
      "pci 0000:00:01.0: bridge window [mem size 0xc00000000 64bit pref]: can't assign; no space"),
  NVRM_OWNER(
      "NVIDIA, recorded in Olares#3963 (2026)",
      "NVRM: GPU ADDRESS is already bound to (\\S+?)\\.?\\s*$",
      "NVRM: GPU 0000:01:00.0 is already bound to NovaCore."),
  NVRM_NOT_CALLED(
      "NVIDIA, from its nv.c; not dated",
      "NVRM: The NVIDIA probe routine was not called for (\\d{1,9}) device",
      "NVRM: The NVIDIA probe routine was not called for 1 device(s)."),
  NOUVEAU_OWNS(
      "Linux 2.6.33 and later",
      "^nouveau ADDRESS: NVIDIA (.*)$",
      "nouveau 0000:01:00.0: NVIDIA GV100 (140000a1)"),
  NOVA_OWNS(
      "Linux 6.15 and later",
      "^(?:NovaCore|nova-core|nova_core) ADDRESS: (NVIDIA \\(Chipset.*)$",
      "NovaCore 0000:01:00.0: NVIDIA (Chipset: TU102, Architecture: Turing, Revision: a.1)"),
  RM_INIT_ADAPTER(
      "NVIDIA; with the GPU's address as recorded in sbc-reviews#19, without it in older ones",
      "NVRM: (?:GPU ADDRESS: )?RmInitAdapter failed! \\((0x[0-9a-f]+:0x[0-9a-f]+:\\d+)\\)",
      "NVRM: GPU 000d:01:00.0: RmInitAdapter failed! (0x24:0x65:1423)"),
  GSP_FIRMWARE(
      "NVIDIA 510 and later, which have such firmware; WPR2 is open-gpu-kernel-modules' word",
      "^(?:NVRM: |nvidia )?(?:GPU )?(?:ADDRESS: )?.*(?:Cannot initialize GSP firmware|"
          + "[Ff]ailed to (?:load|initialize|boot) GSP|No (?:GSP )?firmware image found|"
          + "Direct firmware load for nvidia/\\S+gsp\\S* failed|WPR2 (?:is )?already up|"
          + "failed to wait for GFW boot complete)",
      "NVRM: Cannot initialize GSP firmware RM"),
  API_MISMATCH(
      "NVIDIA; the client is named in newer ones, on one line",
      "NVRM: API mismatch: the client (?:'([^']*)' \\(pid \\d+\\) |)has the version ([\\d.]*\\d)",
      "NVRM: API mismatch: the client has the version 535.171.04, but"),
  XID(
      "NVIDIA; with \"PCI:\" in all but old ones",
      "NVRM: Xid \\(ADDRESS[^)]*\\): (\\d{1,5})(?:, (.*))?$",
      "NVRM: Xid (PCI:0000:02:00): 79, GPU has fallen off the bus."),
  OFF_THE_BUS(
      "NVIDIA, beside Xid 79 or without a number",
      "NVRM: (?:GPU )?(?:at )?ADDRESS[: ].*has fallen off the bus",
      "NVRM: GPU 0000:02:00.0: GPU has fallen off the bus."),
  MODULE_REFUSED(
      "Linux 3.7 and later; the last since 5.4, with lockdown",
      "Loading of (?:unsigned module|module with unavailable key) is rejected|"
          + "unsigned module loading is restricted",
      "Loading of unsigned module is rejected"),
  MODULE_TAINTS(
      "Linux 3.7 and later",
      "^(nvidia\\S*): module verification failed: signature and/or required key missing",
      "nvidia: module verification failed: signature and/or required key missing - tainting"
          + " kernel"),
  SECURE_BOOT(
      "Linux 4.11 and later, and as distributions say it",
      "(?i)secure ?boot (?:is )?enabled|Kernel is locked down from EFI Secure Boot",
      "secureboot: Secure boot enabled"),
  AER_REPORTED(
      "Linux 2.6.19 and later",
      "ADDRESS: (?:AER: )?(?:PCIe Bus Error: severity=([A-Za-z]+)|(?:Uncorrect|Correct)(?:able|ed)"
          + ".*error)",
      "pcieport 0000:00:02.0: PCIe Bus Error: severity=Corrected, type=Data Link Layer"),
  NVRM_PAGE_SIZE(
      "NVIDIA's open module, recorded with 580.95.05",
      "NVRM: .*memmgrDeterminePageSize failed, status: 0x40",
      "NVRM: memmgrAllocResources_IMPL: memmgrDeterminePageSize failed, status: 0x40"),
  ERRATUM_82288(
      "kernels of vendors with the patches; not in mainline",
      "(?:CPU features: detected|[Ee]nabling workaround|work(?:ing)? ?around).*82288",
      "CPU features: detected: Ampere erratum 82288"),
  SMMU_CONTEXT_FAULT(
      "Linux 3.11 and later; the stream since 5.3",
      "arm-smmu \\S+: Unhandled context fault: fsr=0x([0-9a-f]{1,16}), iova=0x([0-9a-f]{1,16}),"
          + " fsynr=0x[0-9a-f]+,(?: cbfrsynra=0x([0-9a-f]{1,16}),)? cb=\\d+",
      "arm-smmu 5000000.iommu: Unhandled context fault: fsr=0x402, iova=0xf9800000,"
          + " fsynr=0x3f0022, cbfrsynra=0x828, cb=8"),
  SMMU_UNKNOWN_STREAM(
      "Linux 4.16 and later",
      "arm-smmu.*Blocked unknown Stream ID 0x([0-9a-f]{1,16})",
      "arm-smmu 5000000.iommu: Blocked unknown Stream ID 0x400; boot with"),
  SMMU_EVENT(
      "Linux 4.2 to 6.13",
      "arm-smmu-v3 \\S+: event 0x([0-9a-f]{2}) received",
      "arm-smmu-v3 9050000.smmuv3: event 0x10 received:"),
  SMMU_EVENT_WORD(
      "Linux 4.2 and later, in the line below an event",
      "arm-smmu-v3 \\S+:\\s+0x([0-9a-f]{16})$",
      "arm-smmu-v3 9050000.smmuv3: \t0x0000010000000010"),
  SMMU_EVENT_NAMED(
      "Linux 6.14 and later",
      "arm-smmu-v3 \\S+: event: ([A-Z]_\\w+) client: (.*?) sid: 0x([0-9a-f]{1,16})"
          + "(?:.*? iova: 0x([0-9a-f]{1,16}))?",
      "arm-smmu-v3 9050000.smmuv3: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid:"
          + " 0x0 iova: 0xf9800000 ipa: 0x0"),
  DMAR_FAULT(
      "Linux 3.15 and later, with Intel's VT-d",
      "DMAR: \\[(\\w+ \\w+)[^\\]]*\\] Request device \\[ADDRESS\\].*? fault addr"
          + " (?:0x)?([0-9a-f]+)",
      "DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault addr 0xf9800000 [fault reason"
          + " 0x06] PTE Read access is not set"),
  AMD_VI_FAULT(
      "Linux 4.16 and later; the driver stands in front",
      "(?:ADDRESS: )?AMD-Vi: Event logged \\[IO_PAGE_FAULT (?:device=ADDRESS )?"
          + ".*?address=(0x[0-9a-f]{1,16})",
      "AMD-Vi: Event logged [IO_PAGE_FAULT device=01:00.0 domain=0x000f address=0xf9800000"
          + " flags=0x0020]"),
  IOMMU_GROUP(
      "Linux 3.19 and later",
      "ADDRESS: Adding to iommu group (\\d{1,9})",
      "pcieport 0000:00:01.0: Adding to iommu group 0"),
  AVAILABLE_BANDWIDTH(
      "Linux 4.17 and later",
      "ADDRESS: ([\\d.]+) Gb/s available PCIe bandwidth, limited by ([\\d.]+) GT/s PCIe x(\\d{1,9})"
          + " link at ADDRESS \\(capable of ([\\d.]+) Gb/s with ([\\d.]+) GT/s PCIe x(\\d{1,9})"
          + " link\\)",
      "pci 0000:a2:00.0: 2.000 Gb/s available PCIe bandwidth, limited by 2.5 GT/s PCIe x1 link at"
          + " 0000:00:01.2 (capable of 8.000 Gb/s with 2.5 GT/s PCIe x4 link)"),
  TUNNEL(
      "Linux 4.13 and later, with Thunderbolt or USB4",
      "^thunderbolt [0-9a-f]|\\bUSB4\\b|\\busb4\\b",
      "thunderbolt 0000:c7:00.6: PCIe Down path activation complete"),
  AER_ERROR(
      "Linux 2.6.19 and later; \"Correctable\" for \"Corrected\" since 6.10",
      "ADDRESS: (?:AER: )?PCIe Bus Error: severity=([^,]+), type=([^,]+)",
      "pcieport 0000:00:02.0: PCIe Bus Error: severity=Corrected, type=Data Link Layer,"
          + " id=0010(Transmitter ID)"),
  AER_BIT(
      "Linux 2.6.19 and later, below what it belongs to",
      "ADDRESS:\\s+\\[ ?(\\d{1,9})\\] (\\S.*?)\\s*(?:\\(First\\))?\\s*$",
      "pcieport 0000:00:02.0:    [ 5] Surprise Down Error    (First)"),
  UNKNOWN_PCI_OPTION(
      "Linux 2.4 and later",
      "PCI: Unknown option [`'](\\S+?)'",
      "PCI: Unknown option `hpmmio=512G'"),
  UNKNOWN_PARAMETERS(
      "Linux 5.14 and later",
      "Unknown kernel command line parameters \"(.*)\", will be passed to user space",
      "Unknown kernel command line parameters \"resizable_bar=1\", will be passed to user space."),
  NVRM_BAR_INVALID(
      "NVIDIA's driver, all branches",
      "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid",
      "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:"),
  NVRM_BAR(
      "NVIDIA's driver, all branches, in the line below the one that complains",
      "NVRM: BAR(\\d) is (\\d{1,9})M @ (0x[0-9a-f]{1,16})(?: \\(ADDRESS\\))?",
      "               NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)"),
  NVRM_BRIDGE(
      "NVIDIA's driver, all branches",
      "NVRM: This is a 64-bit BAR mapped above (?:4 ?GB|16 ?TB) by the system BIOS",
      "NVRM: This is a 64-bit BAR mapped above 4GB by the system BIOS or the Linux kernel, but"),
  AMDGPU_NO_MEMORY(
      "amdgpu; until Linux 6.7 \"probe of\", then \"probe with driver\"",
      "amdgpu(?:: probe of)? ADDRESS(?:: probe with driver amdgpu)? failed with error -12",
      "amdgpu: probe of 0000:09:00.0 failed with error -12"),
  RESIZE_REFUSED_AMD(
      "amdgpu",
      "\\[drm\\] Not enough PCI address space for a large BAR",
      "[drm] Not enough PCI address space for a large BAR."),
  RESIZE_REFUSED_INTEL(
      "i915 and xe",
      "Failed to resize BAR\\d? ?to (\\d{1,9})M \\((-\\w+)\\)",
      "[drm] Failed to resize BAR2 to 16384M (-ENOSPC). Consider enabling 'Resizable BAR'"),
  DETECTED_VRAM(
      "amdgpu",
      "\\[drm\\] Detected VRAM RAM=(\\d{1,9})M, BAR=(\\d{1,9})M",
      "[drm] Detected VRAM RAM=12272M, BAR=256M");

  private final String printedBy;
  private final Pattern pattern;
  private final String example;

  Wording(String printedBy, String pattern, String example) {
    this.printedBy = printedBy;
    this.pattern = Pattern.compile(pattern.replace("ADDRESS", "(" + PciAddress.PATTERN + ")"));
    this.example = example;
  }

  /** Which versions of what. */
  public String printedBy() {
    return printedBy;
  }

  /** To be found in a line without its time. */
  public Pattern pattern() {
    return pattern;
  }

  /** A line in which it is found. */
  public String example() {
    return example;
  }

  /** The lines of a log in which it is found. */
  public Stream<KernelLog.Hit> in(KernelLog log) {
    return log.find(pattern);
  }
}
