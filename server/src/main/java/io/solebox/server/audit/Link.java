package io.solebox.server.audit;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/**
 * An entry in its place in the chain.
 *
 * @param seq from 1, without gaps
 * @param at milliseconds since 1970, never less than that of the link before
 * @param digest SHA-256 of all this and of the digest before, see {@link #digest(long, long, Entry,
 *     byte[])}
 */
public record Link(long seq, long at, Entry entry, byte[] digest) {
  /** What stands in place of a digest before the first link. */
  static final byte[] NOTHING = new byte[32];

  private static final String KIND = "solebox.audit.1";

  /** The link behind another. */
  static Link behind(Tip tip, long at, Entry entry) {
    long seq = tip.seq() + 1;
    return new Link(seq, at, entry, digest(seq, at, entry, tip.digest()));
  }

  /**
   * SHA-256 over the fields {@value #KIND}, seq, at, action, actor, subject, the number of details,
   * name and text of each in the order of the names, and the digest before, as {@link Canon} puts
   * them.
   */
  static byte[] digest(long seq, long at, Entry entry, byte[] previous) {
    Canon canon =
        new Canon(KIND)
            .number(seq)
            .number(at)
            .text(entry.action())
            .text(entry.actor())
            .text(entry.subject())
            .number(entry.details().size());
    for (Map.Entry<String, String> detail : entry.details().entrySet()) {
      canon.text(detail.getKey()).text(detail.getValue());
    }
    return canon.raw(previous).sha256();
  }

  public Instant time() {
    return Instant.ofEpochMilli(at);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Link link
        && seq == link.seq
        && at == link.at
        && entry.equals(link.entry)
        && Arrays.equals(digest, link.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }
}
