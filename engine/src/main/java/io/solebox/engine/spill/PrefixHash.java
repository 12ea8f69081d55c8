package io.solebox.engine.spill;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a sequence begins with, as one number: SHA-256 over that of the prefix before and the ids of
 * a block, so that equal ones mean equal ids from the start, under the same model. It names
 * prefixes where no tree of them lasts: in host memory, on a disk, after a restart.
 */
public final class PrefixHash {
  /** Of {@link #bytes}. */
  public static final int BYTES = 32;

  private final byte[] digest;
  private final Optional<PrefixHash> before; // a block shorter; empty for the empty prefix

  private PrefixHash(byte[] digest, Optional<PrefixHash> before) {
    this.digest = digest;
    this.before = before;
  }

  /**
   * Of the empty prefix.
   *
   * @param identity of what computes it
   */
  public static PrefixHash of(String identity) {
    byte[] digest = sha256().digest(identity.getBytes(StandardCharsets.UTF_8));
    return new PrefixHash(digest, Optional.empty());
  }

  /** Of the prefix that is longer by these ids. */
  public PrefixHash then(int[] ids) {
    var bytes = ByteBuffer.allocate(Integer.BYTES * ids.length);
    bytes.asIntBuffer().put(ids);
    MessageDigest sha256 = sha256();
    sha256.update(digest);
    return new PrefixHash(sha256.digest(bytes.array()), Optional.of(this));
  }

  /** Those of all prefixes of it, itself included, a block longer each; not the empty one. */
  public List<PrefixHash> path() {
    var path = new ArrayList<PrefixHash>();
    for (PrefixHash at = this; at.before.isPresent(); at = at.before.get()) {
      path.add(at);
    }
    return path.reversed();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  byte[] bytes() {
    return digest.clone();
  }

  String hex() {
    return HexFormat.of().formatHex(digest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixHash hash && Arrays.equals(hash.digest, digest);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(digest).getInt();
  }

  @Override
  public String toString() {
    return hex();
  }
}
