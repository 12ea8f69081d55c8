package io.solebox.hardware.box;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A machine that a test makes up, file by file. */
public final class TextBox implements Box {
  private final Map<String, Reading> files = new TreeMap<>();
  private final Map<String, String> links = new HashMap<>();

  public TextBox with(String path, String text) {
    return with(path, text.getBytes(StandardCharsets.UTF_8));
  }

  public TextBox with(String path, byte[] bytes) {
    files.put(path, new Reading.Content(bytes));
    return this;
  }

  public TextBox unreadable(String path, String why) {
    files.put(path, new Reading.Unreadable(why));
    return this;
  }

  /**
   * @param target as it is written there
   */
  public TextBox withLink(String path, String target) {
    links.put(path, target);
    return this;
  }

  @Override
  public Reading read(String path) {
    return files.getOrDefault(path, new Reading.Absent());
  }

  @Override
  public List<String> names(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return files.keySet().stream()
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()).replaceFirst("/.*", ""))
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public Optional<String> link(String path) {
    return Optional.ofNullable(links.get(path));
  }
}
