package io.solebox.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file of which a request wants no more.
 *
 * @param from the first byte
 * @param to behind the last
 * @param size of the whole
 */
public record ByteSpan(long from, long to, long size) {
  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Reads a {@code Range} header (RFC 9110, 14.2). Empty for what a server passes over: another
   * unit, several ranges, what is no range.
   *
   * @throws Problem 416 for a range that begins behind the end
   */
  public static Optional<ByteSpan> parse(String header, long size) {
    Matcher one = ONE.matcher(header.strip());
    if (!one.matches() || one.group(1).isEmpty() && one.group(2).isEmpty()) {
      return Optional.empty();
    }
    if (one.group(1).isEmpty()) { // the last so many
      long from = Math.max(0, size - Long.parseLong(one.group(2)));
      return Optional.of(within(from, size, size));
    }
    long from = Long.parseLong(one.group(1));
    long last = one.group(2).isEmpty() ? size - 1 : Long.parseLong(one.group(2));
    return last < from && from < size
        ? Optional.empty()
        : Optional.of(within(from, Math.min(size, last + 1), size));
  }

  private static ByteSpan within(long from, long to, long size) {
    if (from >= size) {
      throw Problem.of(
          416,
          "range_invalid",
          "The range begins behind the end: there are %d bytes.".formatted(size));
    }
    return new ByteSpan(from, to, size);
  }

  /** All of a file. */
  static ByteSpan whole(long size) {
    return new ByteSpan(0, size, size);
  }

  /** As the {@code Content-Range} of an answer has it. */
  String header() {
    return "bytes %d-%d/%d".formatted(from, to - 1, size);
  }
}
