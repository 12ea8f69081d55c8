package io.solebox.server.audit;

/** What stands in a place of the log: a link, or what somebody made of one. */
public sealed interface Recorded {
  long seq();

  /** What can be read as an entry; whether it belongs there {@link AuditCheck} says. */
  record Readable(Link link) implements Recorded {
    @Override
    public long seq() {
      return link.seq();
    }
  }

  /**
   * What no log has written.
   *
   * @param why a sentence without its subject and its end
   */
  record Unreadable(long seq, String why) implements Recorded {}
}
