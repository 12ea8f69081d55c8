package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's driver, from whatever was captured of it: its own file in {@code proc}, the kernel's
 * log, {@code modinfo}, {@code nvidia-smi}.
 *
 * @param flavour of the kernel module
 * @param module the version of the kernel module that is loaded
 * @param library the version of the library beside it
 * @param installed the version of the kernel module on the disk
 * @param modules the names of all kernel modules that are loaded, with where they are listed
 * @param modulesListed whether there was a list of them, so that what is not in it is not loaded
 */
public record Driver(
    Optional<Known<Flavour>> flavour,
    Optional<Known<Version>> module,
    Optional<Known<Version>> library,
    Optional<Known<Version>> installed,
    TreeMap<String, Evidence> modules,
    boolean modulesListed) {
  /** Of the kernel module. */
  public enum Flavour {
    OPEN,
    PROPRIETARY;

    /** As NVIDIA calls it. */
    public String word() {
      return this == OPEN ? "open" : "proprietary";
    }
  }

  private static final Pattern SMI_DRIVER =
      Pattern.compile("Driver Version\\s*: (" + Version.PATTERN + ")");
  private static final Pattern SMI_LIBRARY =
      Pattern.compile("NVML (?:library )?version:? (\\d{3}\\.\\d+(?:\\.\\d+)?)");
  private static final Pattern INFO_VERSION =
      Pattern.compile("^version:\\s+(" + Version.PATTERN + ")\\s*$");
  private static final Pattern INFO_LICENSE = Pattern.compile("^license:\\s+(.*?)\\s*$");

  private static final Pattern WHOLE = Pattern.compile("^(" + Version.PATTERN + ")\\s*$");

  private static final String MODULE_VERSION = "sys/module/nvidia/version";
  private static final String INFO = "modinfo-nvidia.txt";
  private static final List<String> LOADED =
      List.of("nvidia", "nouveau", "nova_core", "amdgpu", "vfio_pci");

  static Driver of(Box box, Optional<NvidiaDriver> loaded) {
    Optional<Known<Version>> module =
        loaded
            .flatMap(it -> Version.of(it.version()).map(at -> new Known<>(at, it.evidence())))
            .or(() -> version(box, MODULE_VERSION, WHOLE))
            .or(() -> smi(box, SMI_DRIVER));
    Optional<Known<Flavour>> flavour =
        loaded
            .map(it -> new Known<>(it.open() ? Flavour.OPEN : Flavour.PROPRIETARY, it.evidence()))
            .or(() -> license(box));
    TreeMap<String, Evidence> modules = modules(box);
    return new Driver(
        flavour,
        module,
        smi(box, SMI_LIBRARY),
        version(box, INFO, INFO_VERSION),
        modules,
        box.read("lsmod.txt").content().isPresent()
            || box.read("proc/modules").content().isPresent());
  }

  private static Optional<Known<Version>> version(Box box, String file, Pattern pattern) {
    return find(box, file, pattern)
        .flatMap(
            hit ->
                Version.of(hit.value().group(1))
                    .map(version -> new Known<>(version, hit.evidence())));
  }

  /** The proprietary module says NVIDIA, the open one Dual MIT/GPL. */
  private static Optional<Known<Flavour>> license(Box box) {
    return find(box, INFO, INFO_LICENSE)
        .map(
            hit ->
                new Known<>(
                    hit.value().group(1).contains("GPL") ? Flavour.OPEN : Flavour.PROPRIETARY,
                    hit.evidence()));
  }

  private static Optional<Known<Version>> smi(Box box, Pattern pattern) {
    return SmiGpu.files(box).stream()
        .flatMap(file -> version(box, file, pattern).stream())
        .findFirst();
  }

  private static Optional<Known<Matcher>> find(Box box, String file, Pattern pattern) {
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = pattern.matcher(lines.get(i));
      if (matcher.find()) {
        return Optional.of(new Known<>(matcher, new Evidence(file, i + 1, lines.get(i).strip())));
      }
    }
    return Optional.empty();
  }

  private static TreeMap<String, Evidence> modules(Box box) {
    TreeMap<String, Evidence> modules = new TreeMap<>();
    for (String file : List.of("lsmod.txt", "proc/modules")) {
      List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        String[] words = line.split("\\s+");
        if (words.length > 2 && Character.isDigit(words[1].charAt(0))) {
          modules.putIfAbsent(words[0], new Evidence(file, i + 1, line));
        }
      }
    }
    Set<String> folders = Set.copyOf(box.names("sys/module"));
    for (String name : LOADED) {
      if (folders.contains(name)) {
        modules.putIfAbsent(name, new Evidence("sys/module/" + name, 0, name));
      }
    }
    return modules;
  }

  /** Lines of texts of the root in which something is said, with their places. */
  public static List<Known<String>> said(Box box, Pattern pattern) {
    List<Known<String>> said = new ArrayList<>();
    for (String file : box.names("")) {
      if (file.endsWith(".txt")) {
        find(box, file, pattern)
            .ifPresent(hit -> said.add(new Known<>(hit.value().group(), hit.evidence())));
      }
    }
    return said;
  }
}
