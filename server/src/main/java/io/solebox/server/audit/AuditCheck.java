package io.solebox.server.audit;

import io.solebox.server.audit.Recorded.Readable;
import io.solebox.server.audit.Recorded.Unreadable;
import io.solebox.server.audit.Verdict.Broken;
import io.solebox.server.audit.Verdict.Sound;
import io.solebox.server.box.BoxKey;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds the first entry of a log that is not as it was written: changed, cut out, cut off before
 * the last head, moved, dated back, or under a signature that is not the box's. Given all entries
 * in order. Owned by one thread.
 */
public final class AuditCheck {
  /**
   * An entry that somebody knows of from before.
   *
   * @param digest of it, in hexadecimal digits
   */
  public record Known(long seq, String digest) {}

  private final Optional<PublicKey> key;
  private final Deque<Head> heads;
  private final Optional<Known> known;
  private Tip tip = Tip.START;
  private Optional<Head> covered = Optional.empty();
  private Optional<Broken> broken;

  /**
   * @param heads all of them, read before the entries, in order
   * @param key of the box; empty where it is not there
   * @param known an entry that must be there
   */
  public AuditCheck(List<Head> heads, Optional<PublicKey> key, Optional<Known> known) {
    this.heads = new ArrayDeque<>(heads);
    this.key = key;
    this.known = known;
    this.broken = inOrder(heads);
  }

  private static Optional<Broken> inOrder(List<Head> heads) {
    long seq = 0;
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      if (head.number() != i + 1) {
        return bad(seq + 1, "The signed head %d is missing.".formatted(i + 1));
      }
      if (head.seq() < Math.max(1, seq)) {
        return bad(
            Math.max(1, head.seq()),
            "The signed head %d covers less than the one before.".formatted(head.number()));
      }
      seq = head.seq();
    }
    return Optional.empty();
  }

  private static Optional<Broken> bad(long seq, String what) {
    return Optional.of(new Broken(seq, what));
  }

  /** The next entry; nothing is looked at behind the first that is wrong. */
  public void take(Recorded next) {
    if (broken.isEmpty()) {
      broken =
          switch (next) {
            case Unreadable(long seq, String why) ->
                outOfPlace(seq).or(() -> bad(seq, "Entry %d was changed: %s.".formatted(seq, why)));
            case Readable(Link link) ->
                outOfPlace(link.seq()).or(() -> wrong(link)).or(() -> accept(link));
          };
    }
  }

  /** The number of the entry that comes next. */
  long due() {
    return tip.seq() + 1;
  }

  private Optional<Broken> outOfPlace(long seq) {
    long due = due();
    if (seq == due) {
      return Optional.empty();
    }
    return seq > due
        ? bad(due, "Entry %d is missing; the next is %d.".formatted(due, seq))
        : bad(due, "Where entry %d is due stands one with the number %d.".formatted(due, seq));
  }

  private Optional<Broken> wrong(Link link) {
    byte[] due = Link.digest(link.seq(), link.at(), link.entry(), tip.digest());
    if (!MessageDigest.isEqual(due, link.digest())) {
      return bad(
          link.seq(),
          "Entry %d was changed, or does not belong behind %d.".formatted(link.seq(), tip.seq()));
    }
    if (link.at() < tip.at()) {
      return bad(link.seq(), "Entry %d is dated before %d.".formatted(link.seq(), tip.seq()));
    }
    return known
        .filter(its -> its.seq() == link.seq() && !its.digest().equals(Hex.of(link.digest())))
        .flatMap(_ -> bad(link.seq(), "Entry %d is not the one you know.".formatted(link.seq())));
  }

  private Optional<Broken> accept(Link link) {
    tip = Tip.of(link);
    while (!heads.isEmpty() && heads.getFirst().seq() == link.seq()) {
      Head head = heads.removeFirst();
      Optional<String> trouble = trouble(head, link);
      if (trouble.isPresent()) {
        return bad(link.seq(), "The signed head %d %s.".formatted(head.number(), trouble.get()));
      }
      covered = Optional.of(head);
    }
    return Optional.empty();
  }

  private Optional<String> trouble(Head head, Link link) {
    if (!Arrays.equals(head.digest(), link.digest())) {
      return Optional.of(
          "covers another entry %d than the one that is there".formatted(link.seq()));
    }
    if (key.isEmpty()) {
      return Optional.of("cannot be checked, since the box's key is not there");
    }
    if (!head.key().equals(BoxKey.fingerprint(key.get()))) {
      return Optional.of("was signed with another key, " + head.key());
    }
    return BoxKey.verify(key.get(), head.message(), head.signature())
        ? Optional.empty()
        : Optional.of("has a signature that is not the box's");
  }

  /** When all entries were given. */
  public Verdict verdict() {
    Optional<Broken> cut =
        heads.isEmpty()
            ? known
                .filter(its -> its.seq() > tip.seq())
                .flatMap(its -> cutOff("you know of entry %d".formatted(its.seq())))
            : cutOff("a signed head covers entry %d".formatted(heads.getLast().seq()));
    Optional<Broken> all = broken.or(() -> cut);
    if (all.isPresent()) {
      return all.get();
    }
    long signed = covered.map(Head::seq).orElse(0L);
    return new Sound(tip.seq(), tip.seq() - signed, covered);
  }

  private Optional<Broken> cutOff(String evidence) {
    return bad(
        tip.seq() + 1, "The end is cut off behind entry %d: %s.".formatted(tip.seq(), evidence));
  }
}
