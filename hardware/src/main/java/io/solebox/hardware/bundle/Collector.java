package io.solebox.hardware.bundle;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.NotRead;
import io.solebox.hardware.box.Reading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Captures a machine: what checks read of it, with stand-ins for what names it or its people. */
public final class Collector {
  private static final String ROOT_NEEDED = "root is needed";

  private final Box box;
  private final StandIns standIns = new StandIns();
  private final SortedMap<String, byte[]> files = new TreeMap<>();
  private final SortedMap<String, String> links = new TreeMap<>();
  private final SortedMap<String, String> unread = new TreeMap<>();

  private Collector(Box box) {
    this.box = box;
  }

  /**
   * What was captured.
   *
   * @param entries by path
   * @param replaced how many things of each kind have a stand-in, as in {@code UUID}
   */
  public record Capture(SortedMap<String, Entry> entries, Map<String, Integer> replaced) {}

  /** Captures one; nothing is written. */
  public static Capture capture(Box box) {
    Collector collector = new Collector(box);
    collector.gather();
    return new Capture(collector.entries(), collector.standIns.counts());
  }

  private void gather() {
    Wanted.texts().forEach(this::file);
    for (Wanted wanted : Wanted.all()) {
      for (String folder : folders(wanted.folder())) {
        wanted.names().forEach(name -> named(folder, name));
      }
    }
  }

  /** What a pattern of folders stands for, each where it really lies; links to them are kept. */
  private List<String> folders(String pattern) {
    List<String> found = List.of("");
    for (String part : pattern.split("/")) {
      List<String> next = new ArrayList<>();
      for (String folder : found) {
        matching(folder, part).forEach(name -> entered(join(folder, name)).ifPresent(next::add));
      }
      found = next;
    }
    return found;
  }

  private Optional<String> entered(String path) {
    link(path);
    return Links.real(path, box::link).filter(real -> !box.names(real).isEmpty());
  }

  private List<String> matching(String folder, String name) {
    if (name.chars().noneMatch(c -> c == '*' || c == '[')) {
      return List.of(name);
    }
    Pattern pattern = Pattern.compile(name.replace(".", "[.]").replace("*", ".*"));
    return box.names(folder).stream()
        .filter(each -> !each.startsWith(".") && pattern.matcher(each).matches())
        .toList();
  }

  private void named(String folder, String pattern) {
    for (String name : matching(folder, pattern)) {
      String path = join(folder, name);
      if (!link(path)) {
        file(path);
      }
    }
  }

  private boolean link(String path) {
    Optional<String> target = box.link(path);
    target.ifPresent(to -> links.put(path, to));
    return target.isPresent();
  }

  private void file(String path) {
    switch (box.read(path)) {
      case Reading.Content content -> files.put(path, kept(path, content.bytes()));
      case Reading.Unreadable(String why) ->
          unread.put(path, why.equals(ROOT_NEEDED) ? why : "cannot be read");
      case Reading.Absent() -> {}
    }
  }

  private static byte[] kept(String path, byte[] bytes) {
    if (path.endsWith("/config")) {
      return ConfigSerial.without(bytes);
    }
    return path.endsWith("hardware.properties") ? OwnerLines.withoutPlug(bytes) : bytes;
  }

  private SortedMap<String, Entry> entries() {
    SortedMap<String, Entry> entries = new TreeMap<>();
    box.names("sys/bus/w1/devices").forEach(standIns::path);
    knowHosts();
    box.names("home").forEach(standIns::user);
    files.forEach(
        (path, bytes) -> entries.put(standIns.path(path), new Entry.Bytes(neutral(path, bytes))));
    links.forEach(
        (path, target) -> entries.put(standIns.path(path), new Entry.Link(standIns.path(target))));
    if (!unread.isEmpty()) {
      StringBuilder lines = new StringBuilder();
      unread.forEach((path, why) -> lines.append(NotRead.line(standIns.path(path), why)));
      entries.put(NotRead.FILE, bytes(lines.toString()));
    }
    return entries;
  }

  private void knowHosts() {
    for (String file : List.of("proc/sys/kernel/hostname", "etc/hostname")) {
      box.read(file).word().ifPresent(standIns::host);
    }
  }

  /** As Latin-1, so that bytes that are no UTF-8 stay what they are. */
  private byte[] neutral(String path, byte[] bytes) {
    if (!Wanted.isText(path)) {
      return bytes;
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return standIns.text(path, text).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Entry bytes(String text) {
    return new Entry.Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String join(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }
}
