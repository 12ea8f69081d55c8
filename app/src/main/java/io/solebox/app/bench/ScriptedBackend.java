package io.solebox.app.bench;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A device that computes nothing: the next id of every greedy answer stands in a script. So what is
 * above it (loop, scheduler, sampler, and the server above them) is all that takes time. It notes
 * when each step was over.
 */
final class ScriptedBackend implements Backend {
  private final List<Integer> script;
  private final StepClock clock;

  /**
   * @param script ids that answers say in turn, by their positions
   */
  ScriptedBackend(List<Integer> script, StepClock clock) {
    this.script = List.copyOf(script);
    this.clock = clock;
  }

  @Override
  public String describe() {
    return "a script";
  }

  @Override
  public Set<TensorType> computes(Activations activations) {
    return EnumSet.allOf(TensorType.class);
  }

  @Override
  public Set<TensorType> embeds() {
    return EnumSet.allOf(TensorType.class);
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return new Estimate(0, 0, Collections.nCopies(graph.groups().size(), 0L), 0, 0);
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    return new ScriptedPlan(KvPools.blocks(graph.groups(), estimate(graph, limits), limits));
  }

  @Override
  public void close() {}

  private final class ScriptedPlan implements Plan {
    private final List<Integer> blocks;

    ScriptedPlan(List<Integer> blocks) {
      this.blocks = blocks;
    }

    @Override
    public List<Integer> kvBlocks() {
      return blocks;
    }

    @Override
    public int slots() {
      return 0;
    }

    @Override
    public void copySlot(int from, int to) {
      throw new IllegalStateException("there is no recurrent state");
    }

    @Override
    public long bytes(KeptPlace place) {
      return 0;
    }

    @Override
    public void read(KeptPlace place, MemorySegment to) {
      // Nothing is kept.
    }

    @Override
    public void write(KeptPlace place, MemorySegment from) {
      // Nothing is kept.
    }

    @Override
    public void run(Batch batch, Outputs outputs) {
      for (int i = 0; i < batch.rows().size(); i++) {
        if (!(batch.rows().get(i) instanceof RowRequest.Argmax(int token, var _))) {
          throw new IllegalStateException("the script is for greedy answers");
        }
        int position = batch.positions()[token];
        outputs.setCandidate(i, script.get(position % script.size()), 0);
      }
      clock.step(batch.rows().size());
    }

    @Override
    public void close() {}
  }
}
