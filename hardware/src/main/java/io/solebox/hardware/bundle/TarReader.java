package io.solebox.hardware.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a tar archive into memory: ustar, with the long names of GNU tar and of pax. It writes
 * nothing, so that a name can at worst be a wrong name; what no bundle holds (devices, names that
 * lead out, more than the limits) is refused all the same.
 */
final class TarReader {
  private final InputStream in;
  private final Limits limits;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private long read;
  private int seen;
  private Optional<String> longName = Optional.empty();
  private Optional<String> longLink = Optional.empty();

  private TarReader(InputStream in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  /**
   * All that is in it.
   *
   * @throws BadBundle with the reason, if it should not be read
   */
  static SortedMap<String, Entry> read(InputStream in, Limits limits) throws IOException {
    TarReader reader = new TarReader(in, limits);
    byte[] header = reader.bytes(Tar.BLOCK);
    while (!isZero(header)) {
      reader.entry(header);
      header = reader.bytes(Tar.BLOCK);
    }
    reader.requireNoneBelowLinks();
    return reader.entries;
  }

  private void entry(byte[] header) throws IOException {
    long stored = octal(header, Tar.CHECKSUM, Tar.CHECKSUM_LENGTH);
    if (stored != Tar.checksum(header)) {
      throw BadBundle.refused("it is no tar archive, or is damaged: a header's sum is wrong");
    }
    if (++seen > limits.entries()) {
      throw BadBundle.refused("it holds more than " + limits.entries() + " entries");
    }
    long size = octal(header, Tar.SIZE, Tar.SIZE_LENGTH);
    if (size > limits.fileBytes()) {
      throw BadBundle.refused(
          name(header) + " is longer than " + (limits.fileBytes() >> 20) + " MiB");
    }
    byte[] content = bytes((int) size);
    bytes((int) (Tar.padded(size) - size));
    keep(header, content);
  }

  private void keep(byte[] header, byte[] content) throws BadBundle {
    switch (header[Tar.TYPE]) {
      case Tar.GNU_LONG_NAME -> longName = Optional.of(Tar.text(content, 0, content.length));
      case Tar.GNU_LONG_LINK -> longLink = Optional.of(Tar.text(content, 0, content.length));
      case Tar.PAX -> extended(new String(content, StandardCharsets.UTF_8));
      case Tar.PAX_GLOBAL -> {} // comments, and times that nobody reads
      case Tar.FILE, 0, '7' -> put(header, new Entry.Bytes(content));
      case Tar.SYMBOLIC_LINK -> put(header, link(header));
      case Tar.HARD_LINK -> put(header, hardLink(header));
      case Tar.FOLDER -> {
        path(name(header)); // which says whether it leads out
        longName = Optional.empty();
      }
      default ->
          throw BadBundle.refused(
              name(header) + " is neither a file nor a folder nor a link (a device or a pipe)");
    }
  }

  private void put(byte[] header, Entry entry) throws BadBundle {
    String path = path(name(header));
    longName = Optional.empty();
    longLink = Optional.empty();
    if (path.isEmpty()) {
      throw BadBundle.refused("an entry has no name");
    }
    if (entry instanceof Entry.Link(String target)
        && Links.real(parent(path) + "/" + target, _ -> Optional.empty()).isEmpty()
        && !target.startsWith("/")) {
      throw BadBundle.refused(path + " is a link that leads out of it: " + target);
    }
    entries.put(path, entry);
  }

  private Entry link(byte[] header) {
    return new Entry.Link(longLink.orElseGet(() -> Tar.text(header, Tar.LINK, Tar.NAME_LENGTH)));
  }

  /** Its target counts from the archive's root. */
  private Entry hardLink(byte[] header) throws BadBundle {
    String target = path(((Entry.Link) link(header)).target());
    Entry entry = entries.get(target);
    if (entry == null) {
      throw BadBundle.refused("a hard link points at " + target + ", which is not before it");
    }
    return entry;
  }

  private String name(byte[] header) {
    String prefix =
        Tar.text(header, Tar.MAGIC, 6).equals("ustar")
            ? Tar.text(header, Tar.PREFIX, Tar.PREFIX_LENGTH)
            : ""; // GNU tar keeps times there, and says "ustar  "
    String name = Tar.text(header, Tar.NAME, Tar.NAME_LENGTH);
    return longName.orElse(prefix.isEmpty() ? name : prefix + "/" + name);
  }

  private String path(String name) throws BadBundle {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        throw BadBundle.refused(name + " is a name that leads out of it");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.size() > limits.depth()) {
      throw BadBundle.refused("it holds folders deeper than " + limits.depth());
    }
    return String.join("/", parts);
  }

  /** Lines of {@code LENGTH KEY=VALUE}. */
  private void extended(String records) {
    for (String line : records.lines().toList()) {
      int blank = line.indexOf(' ');
      int equals = line.indexOf('=');
      if (blank > 0 && equals > blank) {
        String value = line.substring(equals + 1);
        switch (line.substring(blank + 1, equals)) {
          case "path" -> longName = Optional.of(value);
          case "linkpath" -> longLink = Optional.of(value);
          default -> {} // times and owners
        }
      }
    }
  }

  private void requireNoneBelowLinks() throws BadBundle {
    for (String path : entries.keySet()) {
      for (String above = parent(path); !above.isEmpty(); above = parent(above)) {
        if (entries.containsKey(above)) {
          throw BadBundle.refused(path + " lies below " + above + ", which is no folder");
        }
      }
    }
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private byte[] bytes(int count) throws IOException {
    read += count;
    if (read > limits.totalBytes()) {
      throw BadBundle.refused(
          "it holds more than " + (limits.totalBytes() >> 20) + " MiB when unpacked");
    }
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw BadBundle.refused("it ends in the middle: half a download, or no archive");
    }
    return bytes;
  }

  private static long octal(byte[] header, int at, int length) throws BadBundle {
    String digits = Tar.text(header, at, length).strip();
    try {
      long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below; GNU's binary form starts at 8 GiB, which is too much anyway.
    }
    throw BadBundle.refused("it is no tar archive, or is damaged: a size is no number");
  }

  private static boolean isZero(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
