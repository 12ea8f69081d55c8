package io.solebox.server.audit;

/**
 * Where the chain goes on.
 *
 * @param seq of its last link; 0 where there is none
 * @param at milliseconds since 1970; 0 where there is none
 */
record Tip(long seq, long at, byte[] digest) {
  static final Tip START = new Tip(0, 0, Link.NOTHING);

  static Tip of(Link link) {
    return new Tip(link.seq(), link.at(), link.digest());
  }
}
