package io.solebox.hardware.board.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The rows of {@code firmware/vectors/frames.tsv}, which tells what they are. */
public final class FrameVectors {
  private FrameVectors() {}

  /**
   * @param parts of the stream, with silence between two
   * @param frames as version.type.sequence.payload
   */
  public record Row(
      String name, List<byte[]> parts, List<String> frames, int bad, int skipped, int held) {
    @Override
    public String toString() {
      return name;
    }
  }

  public static List<Row> rows() throws IOException {
    return Files.readAllLines(Path.of("../firmware/vectors/frames.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(FrameVectors::row)
        .toList();
  }

  private static Row row(String line) {
    String[] cells = line.split("\t", -1);
    List<byte[]> parts =
        Arrays.stream(cells[1].split("~", -1))
            .map(part -> HexFormat.of().parseHex(part.equals("-") ? "" : part))
            .toList();
    List<String> frames = cells[2].equals("-") ? List.of() : List.of(cells[2].split(" "));
    return new Row(
        cells[0],
        parts,
        frames,
        Integer.parseInt(cells[4]),
        Integer.parseInt(cells[5]),
        Integer.parseInt(cells[6]));
  }
}
