package io.solebox.engine.schedule;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Mask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A plan whose logits hang on the ids that its cache holds at the last positions, so that an id
 * that was guessed and not taken back shows. Texts of it repeat themselves now and then.
 */
final class CachingPlan implements Plan {
  static final int VOCABULARY = PretendedPlan.VOCABULARY;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final int[] cache; // an id for each position of each block
  private final int blocks;
  private final int before;
  private final double spread;
  private final int vocab;
  private final MemorySegment logits;
  int steps;
  int tokens; // computed
  int mostTokens;
  int mostRead; // places in one step of the loop
  int mostWritten; // the same
  private int read;
  private int written;
  private volatile Runnable beforeStep = () -> {};

  /**
   * @param before ids that the next one hangs on
   * @param spread of logits: the larger, the surer it is
   */
  CachingPlan(int blocks, int before, double spread) {
    this(blocks, before, spread, VOCABULARY);
  }

  /**
   * @param vocab ids, of which those beyond the vocabulary are fairly likely
   */
  CachingPlan(int blocks, int before, double spread, int vocab) {
    this.vocab = vocab;
    this.logits = Arena.ofAuto().allocate(FLOAT, vocab);
    this.cache = new int[blocks * KvBlocks.TOKENS];
    this.blocks = blocks;
    this.before = before;
    this.spread = spread;
  }

  static Graph graph() {
    return PretendedPlan.graph(new Mask.Causal());
  }

  /** Of which the cache keeps no more than the last positions. */
  static Graph windowed(int positions) {
    return PretendedPlan.graph(new Mask.SlidingWindow(positions));
  }

  @Override
  public List<Integer> kvBlocks() {
    return List.of(blocks);
  }

  @Override
  public int slots() {
    return 0;
  }

  @Override
  public void copySlot(int from, int to) {
    throw new AssertionError("there are no states");
  }

  @Override
  public long bytes(KeptPlace place) {
    return switch (place) {
      case KeptPlace.Block _ -> Integer.BYTES * KvBlocks.TOKENS;
      case KeptPlace.Slot _ -> 0;
    };
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    read++;
    mostRead = Math.max(mostRead, read);
    to.copyFrom(part(place));
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    written++;
    mostWritten = Math.max(mostWritten, written);
    part(place).copyFrom(from);
  }

  private MemorySegment part(KeptPlace place) {
    return switch (place) {
      case KeptPlace.Block(_, int block) ->
          MemorySegment.ofArray(cache).asSlice(block * bytes(place), bytes(place));
      case KeptPlace.Slot _ -> throw new AssertionError("there are no states");
    };
  }

  /** For those who count what is read and written in a step. */
  void stepBegins() {
    read = 0;
    written = 0;
  }

  /** Something happens at the beginning of each step from now on. */
  void beforeStep(Runnable action) {
    beforeStep = action;
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    beforeStep.run();
    steps++;
    tokens += batch.size();
    mostTokens = Math.max(mostTokens, batch.size());
    for (int t = 0; t < batch.size(); t++) {
      cache[place(batch, t, batch.positions()[t])] = batch.tokens()[t];
    }
    for (int slot = 0; slot < batch.rows().size(); slot++) {
      int t = batch.rows().get(slot).token();
      int[] ids = IntStream.range(0, before).map(i -> at(batch, t, i)).toArray();
      fill(batch.sequence(t).variant(), ids);
      RowPicker.answer(batch.rows().get(slot), logits, outputs, slot);
    }
  }

  private int place(Batch batch, int t, int position) {
    int block = batch.sequence(t).blocksOfGroup()[0][position / KvBlocks.TOKENS];
    return block * KvBlocks.TOKENS + position % KvBlocks.TOKENS;
  }

  private int at(Batch batch, int t, int back) {
    int position = batch.positions()[t] - back;
    return position < 0 ? -1 : cache[place(batch, t, position)];
  }

  private void fill(int variant, int[] ids) {
    long seed = 7 + variant;
    for (int id : ids) {
      seed = 31 * seed + id;
    }
    var random = new SplittableRandom(seed);
    for (int id = 0; id < VOCABULARY; id++) {
      logits.setAtIndex(FLOAT, id, (float) (spread * random.nextGaussian()));
    }
    for (int id = VOCABULARY; id < vocab; id++) {
      logits.setAtIndex(FLOAT, id, (float) spread);
    }
  }

  @Override
  public void close() {}
}
