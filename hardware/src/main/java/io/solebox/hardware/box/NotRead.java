package io.solebox.hardware.box;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The file in a capture that says what was there and could not be read, so that "root is needed" is
 * not taken for "there is none". A line of it is a path, a colon, and why.
 *
 * @param reasons by path
 */
public record NotRead(Map<String, String> reasons) {
  /** Where it lies. */
  public static final String FILE = "not-read.txt";

  public NotRead {
    reasons = Map.copyOf(reasons);
  }

  /** What it says. */
  public static NotRead of(Reading file) {
    Map<String, String> reasons = new HashMap<>();
    for (String line : file.content().map(Reading.Content::lines).orElse(List.of())) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        reasons.put(line.substring(0, colon), line.substring(colon + 2).strip());
      }
    }
    return new NotRead(reasons);
  }

  /** What is so of a path at which the capture holds nothing. */
  public Reading missing(String path) {
    String why = reasons.get(path);
    return why == null ? new Reading.Absent() : new Reading.Unreadable(why);
  }

  /** A line of the file. */
  public static String line(String path, String why) {
    return path + ": " + why + "\n";
  }
}
