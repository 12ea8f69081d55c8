package io.solebox.server.audit;

import io.solebox.server.box.BoxKey;
import java.time.Instant;

/**
 * The box's word for the chain up to a link.
 *
 * @param number from 1, without gaps
 * @param seq of the last link that it covers
 * @param at milliseconds since 1970, when it was signed
 * @param digest of that link
 * @param key fingerprint of the key that signed
 * @param signature Ed25519 over {@link #message()}
 */
public record Head(long number, long seq, long at, byte[] digest, String key, byte[] signature) {
  private static final String KIND = "solebox.audit.head.1";

  static Head of(long number, Tip tip, long at, BoxKey key) {
    byte[] signature = key.sign(message(number, tip.seq(), at, tip.digest()));
    return new Head(number, tip.seq(), at, tip.digest(), key.fingerprint(), signature);
  }

  /** The fields {@value #KIND}, number, seq, at and digest, as {@link Canon} puts them. */
  byte[] message() {
    return message(number, seq, at, digest);
  }

  private static byte[] message(long number, long seq, long at, byte[] digest) {
    return new Canon(KIND).number(number).number(seq).number(at).raw(digest).bytes();
  }

  public Instant time() {
    return Instant.ofEpochMilli(at);
  }
}
