package io.solebox.store.bundle;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in a tar archive (POSIX.1-1988 ustar; a pax header of POSIX.1-2001 in front of files that
 * ustar has no digits for). There is one way to write a name and a size, and nothing else is read:
 * no links, no folders, no other spelling. So a reader that knows what must come compares bytes.
 *
 * @param name at most 100 ASCII characters
 * @param size in bytes
 */
public record TarEntry(String name, long size) {
  public static final int BLOCK = 512;

  /** What ends an archive. */
  public static final int END_BYTES = 2 * BLOCK;

  private static final long MOST_OF_USTAR = 077777777777L;
  private static final int NAME_BYTES = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final Pattern OCTAL = Pattern.compile("[0-7]{11}");
  private static final String PAX_NAME = "PaxHeaders/size";
  private static final Pattern PAX_SIZE = Pattern.compile("\\d{2} size=(\\d{10,18})\n");

  /** What stands before the bytes of the file: one block, or three with a pax header. */
  public byte[] header() {
    if (size <= MOST_OF_USTAR) {
      return block(name, size, '0');
    }
    byte[] record = paxRecord();
    byte[] all = Arrays.copyOf(block(PAX_NAME, record.length, 'x'), 3 * BLOCK);
    System.arraycopy(record, 0, all, BLOCK, record.length);
    System.arraycopy(block(name, 0, '0'), 0, all, 2 * BLOCK, BLOCK);
    return all;
  }

  /** {@code LENGTH size=SIZE}, where the length counts its own digits. */
  private byte[] paxRecord() {
    String rest = " size=" + size + "\n";
    int length = rest.length() + 2; // sizes of 12 to 19 digits need two digits for the length
    return (length + rest).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] block(String name, long size, char type) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    put(block, 0, name);
    put(block, NAME_BYTES, "0000644\0" + "0000000\0" + "0000000\0");
    put(block, SIZE_AT, "%011o\0".formatted(size) + "00000000000\0" + " ".repeat(8) + type);
    put(block, 257, "ustar\000" + "00");
    put(block, 329, "0000000\0" + "0000000\0");
    int sum = 0;
    for (byte b : block.array()) {
      sum += b & 0xff;
    }
    put(block, CHECKSUM_AT, "%06o\0 ".formatted(sum));
    return block.array();
  }

  private static void put(ByteBuffer block, int at, String text) {
    block.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** How many bytes it takes in the archive, up to the next entry. */
  long length() {
    return header().length + padded(size);
  }

  /** With the zeros behind it that fill its last block. */
  public static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /**
   * The entry that comes next, whatever its name; its bytes follow.
   *
   * @return empty at the end of the archive
   * @throws SoleboxException {@code BAD_BUNDLE} where it is none that is written here
   */
  public static Optional<TarEntry> next(InputStream in, String place) throws IOException {
    byte[] block = in.readNBytes(BLOCK);
    if (Arrays.equals(block, new byte[BLOCK])) {
      return Optional.empty();
    }
    String name = block.length == BLOCK ? name(block) : "";
    Optional<TarEntry> entry =
        name.equals(PAX_NAME)
            ? large(block, in.readNBytes(2 * BLOCK))
            : Optional.of(name).filter(any -> !any.isEmpty()).flatMap(any -> read(any, block));
    return Optional.of(
        entry.orElseThrow(
            () -> BundleFault.damaged(place, "this is no archive that Solebox writes")));
  }

  private static String name(byte[] block) {
    String name = new String(block, 0, NAME_BYTES, StandardCharsets.ISO_8859_1);
    int end = name.indexOf(0);
    return end < 0 ? name : name.substring(0, end);
  }

  /** What a pax header and what follows it say. */
  private static Optional<TarEntry> large(byte[] first, byte[] rest) {
    byte[] all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    Matcher size = PAX_SIZE.matcher(new String(rest, StandardCharsets.ISO_8859_1));
    return size.lookingAt() && rest.length == 2 * BLOCK
        ? Optional.of(
                new TarEntry(
                    name(Arrays.copyOfRange(rest, BLOCK, 2 * BLOCK)),
                    Long.parseLong(size.group(1))))
            .filter(entry -> Arrays.equals(entry.header(), all))
        : Optional.empty();
  }

  /** The entry of this name that a block begins; empty where it begins anything else. */
  static Optional<TarEntry> read(String name, byte[] block) {
    String digits = new String(block, SIZE_AT, SIZE_DIGITS, StandardCharsets.ISO_8859_1);
    return OCTAL.matcher(digits).matches()
        ? Optional.of(new TarEntry(name, Long.parseLong(digits, 8)))
            .filter(entry -> Arrays.equals(entry.header(), block))
        : Optional.empty();
  }
}
