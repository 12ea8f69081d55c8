package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How fast one GPU was measured to copy to another, by {@code nvbandwidth} or CUDA's {@code
 * p2pBandwidthLatencyTest}.
 *
 * @param from the number of a GPU
 * @param to that of another
 * @param gigabytes per second, of 10^9 bytes, in one direction
 */
public record PeerCopy(int from, int to, double gigabytes, Evidence evidence) {
  /** What the tools have said, where somebody has put it beside what is captured. */
  private static final List<String> FILES =
      List.of("nvbandwidth.txt", "p2pBandwidthLatencyTest.txt");

  /** Titles of matrices that are of copies in one direction, with peer access. */
  private static final Pattern TITLE =
      Pattern.compile(
          "^Running device_to_device_memcpy_(?:read|write)_(?:ce|sm)|"
              + "^Unidirectional P2P=Enabled Bandwidth");

  /** Those of other figures, which end what a title before began. */
  private static final Pattern OTHER =
      Pattern.compile("^Running |^Unidirectional |^Bidirectional |^P2P=|^SUM ");

  private static final Pattern ROW =
      Pattern.compile("^\\s*(\\d+)((?:\\s+(?:\\d+\\.\\d+|N/A))+)\\s*$");

  /** All that texts at the root of a machine tell. */
  public static List<PeerCopy> all(Box box) {
    List<PeerCopy> copies = new ArrayList<>();
    FILES.forEach(
        name -> box.read(name).content().ifPresent(content -> read(name, content, copies)));
    return List.copyOf(copies);
  }

  private static void read(String file, Reading.Content content, List<PeerCopy> copies) {
    boolean inside = false;
    int number = 0;
    for (String line : content.lines()) {
      number++;
      if (TITLE.matcher(line).find()) {
        inside = true;
      } else if (OTHER.matcher(line).find()) {
        inside = false;
      }
      var row = ROW.matcher(line);
      if (inside && row.matches()) {
        int from = Integer.parseInt(row.group(1));
        String[] cells = row.group(2).strip().split("\\s+");
        for (int to = 0; to < cells.length; to++) {
          if (to != from && !cells[to].equals("N/A")) {
            Evidence evidence = new Evidence(file, number, line.strip());
            copies.add(new PeerCopy(from, to, Double.parseDouble(cells[to]), evidence));
          }
        }
      }
    }
  }
}
