package io.solebox.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Linux knows of the driver and of a card's place, and the driver's API does not say. Where a
 * container hides it, there is nothing to report.
 *
 * @param root {@code /}, or a stand-in for it
 */
record SystemFiles(Path root) {
  /** As in {@code NVIDIA UNIX x86_64 Kernel Module 580.95.05 Tue Sep ...}. */
  private static final Pattern VERSION = Pattern.compile("Module.*?\\s(\\d+\\.\\d+(\\.\\d+)?)\\s");

  static SystemFiles ofThisMachine() {
    return new SystemFiles(Path.of("/"));
  }

  /** As in {@code 580.95.05}. */
  Optional<String> driverVersion() {
    return read("proc/driver/nvidia/version")
        .map(VERSION::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1));
  }

  /**
   * As in {@code PCIe 32.0 GT/s x16}. An idle card lowers its speed, so this is what card and slot
   * can do; the width is that of now, which a bad slot makes smaller.
   */
  Optional<String> link(String pciBusId) {
    String folder = "sys/bus/pci/devices/" + pciBusId.toLowerCase(Locale.ROOT) + "/";
    Optional<String> speed = read(folder + "max_link_speed").map(s -> s.replaceFirst(" PCIe$", ""));
    Optional<String> width = read(folder + "current_link_width");
    return speed.flatMap(s -> width.map(w -> "PCIe " + s + " x" + w));
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
