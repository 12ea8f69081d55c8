package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.Wording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether the kernel's command line asks for something that does not exist. */
final class CmdlineUnknown implements Check {
  /** Documentation/admin-guide/kernel-parameters.txt of Linux 6.18, below pci=. */
  private static final Set<String> PCI =
      Set.of(
          "earlydump",
          "off",
          "bios",
          "nobios",
          "conf1",
          "conf2",
          "noaer",
          "nodomains",
          "nommconf",
          "check_enable_amd_mmconf",
          "nomsi",
          "noioapicquirk",
          "ioapicreroute",
          "noioapicreroute",
          "biosirq",
          "rom",
          "norom",
          "nobar",
          "irqmask",
          "pirqaddr",
          "lastbus",
          "assign-busses",
          "usepirqmask",
          "noacpi",
          "use_crs",
          "nocrs",
          "use_e820",
          "no_e820",
          "routeirq",
          "skip_isa_align",
          "noari",
          "ecrc",
          "hpiosize",
          "hpmmiosize",
          "hpmmioprefsize",
          "hpmemsize",
          "hpbussize",
          "realloc",
          "noats",
          "pcie_scan_all",
          "big_root_window",
          "pcie_bus_tune_off",
          "pcie_bus_safe",
          "pcie_bus_perf",
          "pcie_bus_peer2peer",
          "disable_acs_redir",
          "config_acs",
          "resource_alignment",
          "cbiosize",
          "cbmemsize",
          "firmware",
          "nomio",
          "norid",
          "notph",
          "nobfsort",
          "bfsort");

  private static final Map<String, String> INSTEAD =
      Map.of(
          "hpmmio", "hpmmiosize= or hpmmioprefsize=",
          "hpmmiopref", "hpmmioprefsize=",
          "hpmem", "hpmemsize=",
          "hpbus", "hpbussize=",
          "resizable_bar", "the firmware's setting, or resourceN_resize in sysfs",
          "rebar", "the firmware's setting, or resourceN_resize in sysfs");

  /** Names that people believe in, and that belong behind pci= or nowhere. */
  private static final Pattern INVENTED =
      Pattern.compile(
          "(?i)(?:pci[._-])?(?:resizable[._-]?bar|rebar|re_?size_?bar|above[._-]?4g\\w*|hpmmio\\w*|"
              + "hpmemsize|hpbussize|realloc|large[._-]?bar|bar1?[._-]?size)");

  @Override
  public String id() {
    return "cmdline.unknown";
  }

  @Override
  public String title() {
    return "the kernel knows what its command line asks for";
  }

  @Override
  public List<String> reads() {
    return List.of("proc/cmdline", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A warning for an option behind pci= that Linux does not have, for one like"
        + " resizable_bar= or hpmmio= that it never had, and for what the kernel itself calls"
        + " unknown of these.";
  }

  @Override
  public String remedy() {
    return "Take it out; what exists is pci=realloc=on, pci=hpmmiosize=, pci=hpmmioprefsize= (of"
        + " hot-plug bridges alone), and resourceN_resize in sysfs.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Optional<Known<String>> line = facts.host().commandLine();
    Map<String, Evidence> unknown = new LinkedHashMap<>();
    line.ifPresent(known -> options(known, unknown));
    Wording.UNKNOWN_PCI_OPTION
        .in(facts.log())
        .forEach(hit -> unknown.putIfAbsent("pci=" + hit.match().group(1), hit.line().evidence()));
    Wording.UNKNOWN_PARAMETERS
        .in(facts.log())
        .forEach(
            hit ->
                Arrays.stream(hit.match().group(1).split("\\s+"))
                    .filter(word -> INVENTED.matcher(name(word)).matches())
                    .forEach(word -> unknown.putIfAbsent(word, hit.line().evidence())));
    if (!unknown.isEmpty()) {
      return unknown.entrySet().stream()
          .map(each -> warning(each.getKey(), each.getValue()))
          .toList();
    }
    return List.of(
        line.map(
                known ->
                    Finding.calm(
                        id(),
                        Verdict.OK,
                        "Every option of PCI is one that Linux has.",
                        List.of(known.evidence())))
            .orElseGet(
                () ->
                    Unread.of(
                        id(), "The kernel's command line", facts.box().read("proc/cmdline"))));
  }

  private static void options(Known<String> line, Map<String, Evidence> unknown) {
    for (String word : line.value().split("\\s+")) {
      if (word.startsWith("pci=")) {
        behindPci(word.substring("pci=".length()))
            .forEach(option -> unknown.put("pci=" + option, line.evidence()));
      } else if (INVENTED.matcher(name(word)).matches()) {
        unknown.put(word, line.evidence());
      }
    }
  }

  /** Values of some options hold commas themselves: addresses of devices follow, with colons. */
  private static List<String> behindPci(String options) {
    List<String> unknown = new ArrayList<>();
    for (String option : options.split("[,;]")) {
      boolean address = option.contains(":") || option.contains("@");
      if (!option.isEmpty() && !address && !PCI.contains(name(option))) {
        unknown.add(option);
      }
    }
    return unknown;
  }

  private static String name(String word) {
    int end = word.indexOf('=');
    return end < 0 ? word : word.substring(0, end);
  }

  private Finding warning(String word, Evidence evidence) {
    String bare = name(word.startsWith("pci=") ? word.substring("pci=".length()) : word);
    String instead = INSTEAD.get(bare);
    return Finding.problem(
        id(),
        Verdict.WARN,
        "Linux has no such option: %s.%s"
            .formatted(word, instead == null ? "" : " What is meant is " + instead + "."),
        List.of(evidence),
        remedy(),
        "cat /proc/cmdline; dmesg | grep -i unknown");
  }
}
