package io.solebox.engine.schedule;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A plan without a model: the id after id i is i + 1, what comes after {@link #POISON} is no
 * number, and a hidden state is id and position. Notes what each step held.
 */
final class PretendedPlan implements Plan {
  static final int VOCABULARY = 64;
  static final int WIDTH = 2;
  static final int POISON = 13;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final int blocks;
  private final MemorySegment logits = Arena.ofAuto().allocate(FLOAT, VOCABULARY);
  final List<Batch> steps = Collections.synchronizedList(new ArrayList<>());
  private volatile Consumer<Batch> before = _ -> {};

  PretendedPlan(int blocks) {
    this.blocks = blocks;
  }

  /** What it is the plan of. */
  static Graph graph(Mask mask) {
    return graph(mask, VOCABULARY);
  }

  static Graph graph(Mask mask, int vocab) {
    var b = new GraphBuilder();
    var table = new Weight("t", vocab, WIDTH, TensorType.F32, MemorySegment.NULL);
    Value x = b.embed(table);
    Value rows = b.selectRows(b.attention(x, x, x, new AttentionShape(1, 1, WIDTH, 1, mask)));
    return b.build(rows, b.linear("logits", rows, table));
  }

  static Limits limits(int context, int stepTokens) {
    return new Limits(
        context, stepTokens, 8, stepTokens, 4L * context, KvType.F32, Activations.AUTO, 1 << 20);
  }

  /** Something happens at the beginning of each step from now on. */
  void beforeStep(Consumer<Batch> action) {
    before = action;
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
    throw new AssertionError("it has no recurrent state");
  }

  @Override
  public long bytes(KeptPlace place) {
    return 0;
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {}

  @Override
  public void write(KeptPlace place, MemorySegment from) {}

  @Override
  public void run(Batch batch, Outputs outputs) {
    steps.add(batch);
    before.accept(batch);
    for (int slot = 0; slot < batch.rows().size(); slot++) {
      RowRequest request = batch.rows().get(slot);
      int id = batch.tokens()[request.token()];
      if (request instanceof RowRequest.Hidden) {
        outputs.dense(slot).setAtIndex(FLOAT, 0, id);
        outputs.dense(slot).setAtIndex(FLOAT, 1, batch.positions()[request.token()]);
      } else {
        logits.fill((byte) 0);
        logits.setAtIndex(FLOAT, (id + 1) % VOCABULARY, id == POISON ? Float.NaN : 20);
        RowPicker.answer(request, logits, outputs, slot);
      }
    }
  }

  @Override
  public void close() {}
}
