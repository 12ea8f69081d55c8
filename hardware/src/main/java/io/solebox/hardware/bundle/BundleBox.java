package io.solebox.hardware.bundle;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.NotRead;
import io.solebox.hardware.box.Reading;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A machine that was captured, held in memory. */
public final class BundleBox implements Box {
  private final SortedMap<String, Entry> entries;
  private final NotRead unread;

  BundleBox(SortedMap<String, Entry> entries) {
    this.entries = new TreeMap<>(entries);
    this.unread = NotRead.of(content(NotRead.FILE));
  }

  /** What it holds, by path. */
  SortedMap<String, Entry> entries() {
    return new TreeMap<>(entries);
  }

  @Override
  public Reading read(String path) {
    Reading reading = content(path);
    return reading instanceof Reading.Absent ? unread.missing(path) : reading;
  }

  private Reading content(String path) {
    return real(path).map(entries::get).orElse(null) instanceof Entry.Bytes(byte[] bytes)
        ? new Reading.Content(bytes)
        : new Reading.Absent();
  }

  @Override
  public List<String> names(String folder) {
    Optional<String> real = real(folder);
    if (real.isEmpty()) {
      return List.of();
    }
    String prefix = real.get().isEmpty() ? "" : real.get() + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String path : entries.tailMap(prefix).keySet()) {
      if (!path.startsWith(prefix)) {
        break;
      }
      String rest = path.substring(prefix.length());
      int slash = rest.indexOf('/');
      names.add(slash < 0 ? rest : rest.substring(0, slash));
    }
    return List.copyOf(names);
  }

  @Override
  public Optional<String> link(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    return real(path.substring(0, Math.max(0, slash)))
        .flatMap(folder -> target(folder.isEmpty() ? name : folder + "/" + name));
  }

  private Optional<String> target(String path) {
    return entries.get(path) instanceof Entry.Link(String target)
        ? Optional.of(target)
        : Optional.empty();
  }

  private Optional<String> real(String path) {
    return Links.real(path, this::target);
  }
}
