package io.solebox.hardware.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a tar archive: files and links, without owners or times, so that equal bundles are equal.
 */
final class TarWriter {
  private final OutputStream out;

  private TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes all of it, in its order; closes nothing. */
  static void write(Map<String, Entry> entries, OutputStream out) throws IOException {
    TarWriter writer = new TarWriter(out);
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      switch (each.getValue()) {
        case Entry.Bytes(byte[] bytes) -> writer.entry(Tar.FILE, each.getKey(), "", bytes);
        case Entry.Link(String target) ->
            writer.entry(Tar.SYMBOLIC_LINK, each.getKey(), target, new byte[0]);
      }
    }
    out.write(new byte[2 * Tar.BLOCK]);
  }

  private void entry(byte type, String path, String target, byte[] bytes) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    byte[] link = target.getBytes(StandardCharsets.UTF_8);
    tooLong(Tar.GNU_LONG_NAME, name);
    tooLong(Tar.GNU_LONG_LINK, link);
    header(type, name, link, bytes.length);
    content(bytes);
  }

  /** A name that has no room in a header goes in front, as GNU tar does it. */
  private void tooLong(byte type, byte[] name) throws IOException {
    if (name.length > Tar.NAME_LENGTH) {
      byte[] terminated = Arrays.copyOf(name, name.length + 1);
      header(
          type, "././@LongLink".getBytes(StandardCharsets.UTF_8), new byte[0], terminated.length);
      content(terminated);
    }
  }

  private void header(byte type, byte[] name, byte[] link, int size) throws IOException {
    byte[] header = new byte[Tar.BLOCK];
    System.arraycopy(name, 0, header, Tar.NAME, Math.min(name.length, Tar.NAME_LENGTH));
    put(header, Tar.MODE, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, Tar.SIZE, String.format(Locale.ROOT, "%011o\0" + "%011o\0", size, 0));
    header[Tar.TYPE] = type;
    System.arraycopy(link, 0, header, Tar.LINK, Math.min(link.length, Tar.NAME_LENGTH));
    put(header, Tar.MAGIC, "ustar\0" + "00");
    put(header, Tar.CHECKSUM, String.format(Locale.ROOT, "%06o\0 ", Tar.checksum(header)));
    out.write(header);
  }

  private void content(byte[] bytes) throws IOException {
    out.write(bytes);
    out.write(new byte[(int) (Tar.padded(bytes.length) - bytes.length)]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
