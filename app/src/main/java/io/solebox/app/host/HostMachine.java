package io.solebox.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server is told of its machine, which it may not look at itself. */
record HostMachine(HostFiles files) {
  private static final String CARDS = "sys/class/net";
  private static final String ZONES = "usr/share/zoneinfo";
  private static final String ZONE = "etc/localtime";

  /** Network cards, without what only programs see. */
  List<Map<String, Object>> devices() throws IOException {
    List<Map<String, Object>> devices = new ArrayList<>();
    Path folder = files.at(CARDS);
    if (!Files.isDirectory(folder)) {
      return devices;
    }
    try (var cards = Files.list(folder)) {
      for (Path card : cards.sorted().toList()) {
        if (Files.exists(card.resolve("device"))) {
          Map<String, Object> device = new LinkedHashMap<>();
          device.put("name", card.getFileName().toString());
          device.put("wireless", isRadio(card));
          device.put("connected", isConnected(card));
          devices.add(device);
        }
      }
    }
    return devices;
  }

  /** A radio counts where somebody is there to speak with it. */
  boolean hasRadio() throws IOException {
    return files.exists("usr/libexec/iwd")
        && devices().stream().anyMatch(device -> device.get("wireless").equals(true));
  }

  private static boolean isRadio(Path card) {
    return Files.exists(card.resolve("phy80211")) || Files.exists(card.resolve("wireless"));
  }

  private static boolean isConnected(Path card) {
    try {
      return Files.readString(card.resolve("carrier")).strip().equals("1");
    } catch (IOException e) {
      return false; // a card that is down says nothing of cables
    }
  }

  String name() throws IOException {
    return files.read("etc/hostname").map(String::strip).orElse("");
  }

  /** The zone's name; empty where none was chosen. */
  Optional<String> zone() throws IOException {
    Path link = files.at(ZONE);
    if (!Files.isSymbolicLink(link)) {
      return Optional.empty();
    }
    String to = Files.readSymbolicLink(link).toString();
    int at = to.indexOf("zoneinfo/");
    return at < 0 ? Optional.empty() : Optional.of(to.substring(at + "zoneinfo/".length()));
  }

  boolean knowsZone(String zone) {
    return Files.isRegularFile(files.at(ZONES).resolve(zone));
  }

  void setZone(String zone) throws IOException {
    Path link = files.at(ZONE);
    Path made = link.resolveSibling(".solebox-localtime");
    Files.deleteIfExists(made);
    Files.createSymbolicLink(made, Path.of("/" + ZONES).resolve(zone));
    Files.move(made, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void setName(String name) throws IOException {
    files.write("etc/hostname", name + "\n");
    Path kernel = files.at("proc/sys/kernel/hostname");
    if (Files.exists(kernel)) {
      Files.writeString(kernel, name + "\n");
    }
  }
}
