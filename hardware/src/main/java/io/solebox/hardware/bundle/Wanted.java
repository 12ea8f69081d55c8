package io.solebox.hardware.bundle;

import io.solebox.hardware.box.NotRead;
import io.solebox.hardware.box.Tool;
import io.solebox.hardware.doctor.facts.LastSmoke;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a bundle holds, which is what checks read. {@code wanted.txt} has a line per folder: the
 * folder, in which {@code *} stands for any name, and the names of files and links in it. {@code
 * scripts/collect.sh} has the same lines.
 *
 * @param folder as in {@code sys/bus/pci/devices/*}
 * @param names as in {@code fan*_*}
 */
record Wanted(String folder, List<String> names) {
  private static final String RESOURCE = "wanted.txt";

  /**
   * Texts at the root that no tool of this machine says, but a folder that was captured may hold.
   */
  private static final List<String> OTHERS =
      List.of(
          "board-events.json",
          "board-status.json",
          "cuda.txt",
          "dmesg-before-reboot.txt",
          "hardware.properties",
          NotRead.FILE,
          "nvbandwidth.txt",
          "nvidia-smi-topo-m.txt",
          "p2pBandwidthLatencyTest.txt",
          "psu.txt",
          LastSmoke.FILE,
          "state-previous.json");

  /** Files that are no text: they stay as they are. */
  private static final Set<String> BINARY = Set.of("config", "compatible", "model");

  private static final String VARIABLES = "sys/firmware/efi/efivars/";

  static List<Wanted> all() {
    return text()
        .lines()
        .map(line -> List.of(line.split(" ")))
        .map(words -> new Wanted(words.getFirst(), words.subList(1, words.size())))
        .toList();
  }

  static String text() {
    try (InputStream in = Wanted.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts at the root, sorted. */
  static Set<String> texts() {
    Set<String> texts = new TreeSet<>(OTHERS);
    Tool.ALL.forEach(tool -> texts.add(tool.file()));
    texts.remove(NotRead.FILE);
    return texts;
  }

  static boolean isText(String path) {
    boolean nodes = path.startsWith("sys/firmware/") || path.startsWith("sys/bus/pci/");
    boolean device = path.startsWith("sys/devices/pci") || nodes;
    String name = path.substring(path.lastIndexOf('/') + 1);
    return !(path.startsWith(VARIABLES) || (device && BINARY.contains(name)));
  }
}
