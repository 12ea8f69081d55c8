package io.solebox.store.quantize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Which tensors of a partial file are whole: lines that are appended after their data reached the
 * disk. The first says which job made the file; each has a checksum of its own, so that one that
 * was cut counts for nothing.
 */
final class Journal {
  /**
   * A tensor that is whole.
   *
   * @param checksums CRC32C of each of its chunks
   */
  record Entry(int tensor, Written written, List<Integer> checksums) {
    Entry {
      checksums = List.copyOf(checksums);
    }

    private String line() {
      var line = new StringBuilder();
      line.append(tensor)
          .append(' ')
          .append(written.weights())
          .append(' ')
          .append(written.squaredError())
          .append(' ')
          .append(written.squares());
      checksums.forEach(sum -> line.append(' ').append(Integer.toHexString(sum)));
      return line.toString();
    }

    private static Entry of(String line) {
      String[] words = line.split(" ");
      var checksums = new ArrayList<Integer>();
      for (int i = 4; i < words.length; i++) {
        checksums.add(Integer.parseUnsignedInt(words[i], 16));
      }
      var written =
          new Written(
              Long.parseLong(words[1]), Double.parseDouble(words[2]), Double.parseDouble(words[3]));
      return new Entry(Integer.parseInt(words[0]), written, checksums);
    }
  }

  private static final int MOST_BYTES = 256 << 20;

  private final FileChannel channel;

  Journal(FileChannel channel) {
    this.channel = channel;
  }

  /** What it has of a job; empties itself where it is of another one. */
  Map<Integer, Entry> open(String identity) throws IOException {
    Map<Integer, Entry> entries = new LinkedHashMap<>();
    List<String> lines = lines();
    if (lines.isEmpty() || !lines.getFirst().equals(identity)) {
      channel.truncate(0);
      append(identity);
      channel.force(true);
      return entries;
    }
    for (String line : lines.subList(1, lines.size())) {
      Entry entry = Entry.of(line);
      entries.put(entry.tensor(), entry);
    }
    return entries;
  }

  /** Those that are whole, up to the first that is not, behind which it ends then. */
  private List<String> lines() throws IOException {
    int size = (int) Math.min(MOST_BYTES, channel.size());
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // read on
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    var lines = new ArrayList<String>();
    int at = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      int space = text.lastIndexOf(' ', end);
      String line = space < at ? "" : text.substring(at, space);
      if (line.isEmpty() || !text.substring(space + 1, end).equals(checksum(line))) {
        break;
      }
      lines.add(line);
      at = end + 1;
    }
    channel.truncate(at);
    return lines;
  }

  /** Appends entries, and waits until they are on the disk. */
  void append(List<Entry> entries) throws IOException {
    for (Entry entry : entries) {
      append(entry.line());
    }
    channel.force(false);
  }

  private void append(String line) throws IOException {
    byte[] bytes = (line + " " + checksum(line) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    long at = channel.size();
    while (rest.hasRemaining()) {
      at += channel.write(rest, at);
    }
  }

  private static String checksum(String line) {
    var crc = new CRC32C();
    crc.update(line.getBytes(StandardCharsets.US_ASCII));
    return Long.toHexString(crc.getValue());
  }
}
