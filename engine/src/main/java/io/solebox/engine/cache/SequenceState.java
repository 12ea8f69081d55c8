package io.solebox.engine.cache;

import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.spill.SpillKey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The recurrent state of one sequence: the place that it has, the snapshot that it went on from,
 * and those that it leaves. Owned by one engine loop.
 */
final class SequenceState {
  /**
   * Positions from one snapshot to the next of a sequence that may leave at any time, while its
   * prompt is computed. Of its answer, whose latest goes along with every block, one stays at the
   * last multiple of it: whoever gives way loses the ends of its blocks first, and a snapshot is
   * worth nothing without the blocks before it.
   */
  private static final int STRIDE = 8 * KvBlocks.TOKENS;

  private final StatePool pool;
  private OptionalInt slot = OptionalInt.empty();
  private Optional<PrefixTree.Node> from = Optional.empty();
  private Optional<PrefixTree.Node> latest = Optional.empty(); // snapshot that goes along with it
  private Optional<PrefixTree.Node> mark = Optional.empty(); // one that stays behind the latest
  private int known; // positions whose ids another began with
  private int kept; // positions before the last snapshot, its own or that it went on from
  private Borders borders;

  SequenceState(StatePool pool) {
    this.pool = pool;
    this.borders = Borders.of(0, 0, 0, pool.interval());
  }

  /** Whether a sequence can go on from the end of this prefix. */
  boolean canContinue(PrefixTree.Node prefix) {
    return pool.has(prefix);
  }

  /**
   * Will go on from a prefix.
   *
   * @param prefix that {@link #canContinue} allows; empty for the beginning
   * @param positions whose ids are known, from here or not
   */
  void match(Optional<PrefixTree.Node> prefix, int positions) {
    from = prefix;
    known = positions;
  }

  /**
   * Will go on from a prefix whose snapshot the pool may not have.
   *
   * @param kind of snapshots
   * @return what must come to its place then
   */
  Optional<Restoration.Part> match(PrefixTree.Node prefix, int positions, int kind) {
    boolean isHere = canContinue(prefix);
    match(isHere ? Optional.of(prefix) : Optional.empty(), positions);
    return isHere
        ? Optional.empty()
        : Optional.of(
            new Restoration.Part(
                new SpillKey(prefix.hash(), kind), () -> new KeptPlace.Slot(slot()), () -> {}));
  }

  /**
   * Takes a place for a sequence of {@code length} that begins after {@code computed} positions,
   * and brings there what it goes on from.
   *
   * @return false when sequences have all places
   */
  boolean reserve(int computed, int length) {
    borders = Borders.of(computed, known, length, pool.interval());
    kept = computed;
    return hasSlot();
  }

  /** Whether it has a place, now if not before. */
  boolean hasSlot() {
    if (slot.isEmpty()) {
      slot = from.map(pool::takeFor).orElseGet(pool::take);
      slot.ifPresent(to -> from.ifPresent(prefix -> pool.restore(prefix, to)));
    }
    return slot.isPresent();
  }

  /** Its place; means nothing before it has one. */
  int slot() {
    return slot.orElse(0);
  }

  /**
   * How many of the next {@code n} tokens a step should compute, so that it ends where a snapshot
   * is wanted, or at least where one can be left, if that leaves few of them for another step.
   *
   * @param length of the sequence so far
   */
  int cut(int computed, int n, int length) {
    int end = Math.min(computed + n, borders.isAnswer(computed) ? length : borders.next(computed));
    int border = end / KvBlocks.TOKENS * KvBlocks.TOKENS;
    boolean isDue = border > computed && border - kept >= STRIDE;
    boolean isNear = 4L * (border - computed) >= 3L * n;
    return (end < length && (isDue || isNear) ? border : end) - computed;
  }

  /** It stands at the end of this prefix of whole blocks, after {@code computed} positions. */
  void stands(PrefixTree.Node prefix, int computed) {
    boolean isWanted = borders.wants(computed) || computed - kept >= STRIDE;
    if (slot.isPresent() && isWanted) {
      latest.ifPresent(pool::supersede);
      latest = Optional.empty();
      if (!borders.isAnswer(computed)) {
        latest = borders.wants(computed) ? Optional.empty() : Optional.of(prefix);
      } else if (computed % STRIDE == 0) {
        mark.ifPresent(pool::supersede);
        mark = Optional.of(prefix);
      } else {
        latest = Optional.of(prefix);
      }
      pool.snapshot(slot.getAsInt(), prefix);
      kept = computed;
    }
  }

  /**
   * Gives the place back, with what it holds as a snapshot where that stands at the end of a
   * prefix.
   */
  void release(Optional<PrefixTree.Node> prefix) {
    if (slot.isPresent()) {
      latest.filter(_ -> prefix.isPresent()).ifPresent(pool::supersede);
      prefix.ifPresentOrElse(p -> pool.leave(slot.getAsInt(), p), () -> pool.give(slot.getAsInt()));
    }
    slot = OptionalInt.empty();
    latest = Optional.empty();
    mark = Optional.empty();
    match(Optional.empty(), 0);
  }
}
