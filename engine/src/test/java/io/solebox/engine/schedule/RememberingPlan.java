package io.solebox.engine.schedule;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.StepCheck;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A plan whose recurrent state is a number made of all ids before it, and whose next id is that
 * number too: whoever goes on from another state than its own answers something else.
 */
final class RememberingPlan implements Plan {
  static final int VOCABULARY = 64;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final List<Integer> blocks;
  private final int[] states;
  private final MemorySegment logits = Arena.ofAuto().allocate(FLOAT, VOCABULARY);
  final AtomicInteger tokens = new AtomicInteger(); // computed
  final AtomicInteger copies = new AtomicInteger();
  private volatile boolean broken;
  private volatile Consumer<Batch> before = _ -> {};

  /**
   * @param blocks per group of the graph
   */
  RememberingPlan(List<Integer> blocks, int slots) {
    this.blocks = blocks;
    this.states = new int[slots];
  }

  /** What it is the plan of, with an attention or with none. */
  static Graph graph(boolean attends) {
    var b = new GraphBuilder();
    Weight table = weight(VOCABULARY, 2);
    Value x = b.shortConv("conv", b.embed(table), weight(2, 3), Optional.empty());
    if (attends) {
      x = b.attention(x, x, x, new AttentionShape(1, 1, 2, 1, new Mask.Causal()));
    }
    Value rows = b.selectRows(x);
    return b.build(rows, b.linear("logits", rows, table));
  }

  private static Weight weight(int rows, int cols) {
    return new Weight("w", rows, cols, TensorType.F32, MemorySegment.NULL);
  }

  static Limits limits(int context, int stepTokens, int sequences) {
    return new Limits(
        context,
        stepTokens,
        sequences,
        stepTokens,
        (long) sequences * context,
        KvType.F32,
        Activations.AUTO,
        1 << 20);
  }

  private static int after(int state, int id) {
    return 31 * state + id + 1;
  }

  private static int answer(int state) {
    return Math.floorMod(state ^ state >>> 7, VOCABULARY);
  }

  /** What it answers. */
  static int[] answer(int[] prompt, int n) {
    int state = 0;
    for (int id : prompt) {
      state = after(state, id);
    }
    int[] ids = new int[n];
    for (int i = 0; i < n; i++) {
      ids[i] = answer(state);
      state = after(state, ids[i]);
    }
    return ids;
  }

  /** Something happens at the beginning of each step from now on. */
  void beforeStep(Consumer<Batch> action) {
    before = action;
  }

  /** The next copy fails as if the device had gone. */
  void breakCopies() {
    broken = true;
  }

  @Override
  public List<Integer> kvBlocks() {
    return Collections.unmodifiableList(blocks);
  }

  @Override
  public int slots() {
    return states.length;
  }

  @Override
  public void copySlot(int from, int to) {
    StepCheck.requireSlots(from, to, this);
    if (broken) {
      broken = false;
      throw new IllegalStateException("the card fell off");
    }
    copies.incrementAndGet();
    states[to] = states[from];
  }

  @Override
  public long bytes(KeptPlace place) {
    return Integer.BYTES;
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    if (place instanceof KeptPlace.Slot(int slot)) {
      to.set(ValueLayout.JAVA_INT, 0, states[slot]);
    }
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    if (place instanceof KeptPlace.Slot(int slot)) {
      states[slot] = from.get(ValueLayout.JAVA_INT, 0);
    }
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    before.accept(batch);
    tokens.addAndGet(batch.size());
    int row = 0;
    for (int t = 0; t < batch.size(); t++) {
      int slot = batch.sequence(t).slot();
      states[slot] = after(batch.positions()[t] == 0 ? 0 : states[slot], batch.tokens()[t]);
      if (row < batch.rows().size() && batch.rows().get(row).token() == t) {
        logits.fill((byte) 0);
        logits.setAtIndex(FLOAT, answer(states[slot]), 20);
        RowPicker.answer(batch.rows().get(row), logits, outputs, row);
        row++;
      }
    }
  }

  @Override
  public void close() {}
}
