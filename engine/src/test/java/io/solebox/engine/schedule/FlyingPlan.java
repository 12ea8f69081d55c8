package io.solebox.engine.schedule;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.StagedPlan;
import io.solebox.engine.backend.Underway;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Another plan as the last of several stages, of which those before it compute nothing: so several
 * steps are under way. Spreads those who generate over all of them, and looks that nobody is in
 * two.
 */
final class FlyingPlan implements Plan {
  /** A stage that computes nothing. */
  private record Relay(Plan last, Consumer<Batch> before) implements Plan {
    @Override
    public List<Integer> kvBlocks() {
      return last.kvBlocks();
    }

    @Override
    public int slots() {
      return 0;
    }

    @Override
    public void copySlot(int from, int to) {}

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
      before.accept(batch);
    }

    @Override
    public void close() {}
  }

  private final Plan staged;
  private final Set<Integer> flying = new HashSet<>(); // places that are written
  private final AtomicInteger underway = new AtomicInteger();
  private int most;
  private volatile Consumer<Batch> before = _ -> {};

  /**
   * @param stages at least two
   */
  FlyingPlan(Plan last, Graph graph, int stages, int stepTokens) {
    var all = new ArrayList<Plan>();
    all.add(new Relay(last, batch -> before.accept(batch)));
    while (all.size() < stages - 1) {
      all.add(new Relay(last, _ -> {}));
    }
    all.add(last);
    staged = new StagedPlan(all, graph, stepTokens, 4);
  }

  /** Something happens in the first stage from now on. */
  void beforeFirstStage(Consumer<Batch> action) {
    before = action;
  }

  /** Steps that were under way at once. */
  int most() {
    return most;
  }

  @Override
  public Underway begin(Batch batch, Outputs outputs) {
    Set<Integer> own = new HashSet<>();
    for (int t = 0; t < batch.size(); t++) {
      int position = batch.positions()[t];
      int block = batch.sequence(t).blocksOfGroup()[0][position / KvBlocks.TOKENS];
      own.add(block * KvBlocks.TOKENS + position % KvBlocks.TOKENS);
    }
    synchronized (flying) {
      for (int place : own) {
        if (!flying.add(place)) {
          throw new AssertionError("two steps under way write place " + place);
        }
      }
    }
    most = Math.max(most, underway.incrementAndGet());
    var end = new Underway();
    Underway step = staged.begin(batch, outputs);
    step.whenEnded(
        () -> {
          synchronized (flying) {
            flying.removeAll(own);
          }
          underway.decrementAndGet();
          try {
            step.await();
            end.end();
          } catch (Throwable e) {
            end.fail(e);
          }
        });
    return end;
  }

  @Override
  public int inFlight() {
    return staged.inFlight();
  }

  @Override
  public int decodeSteps(int sequences) {
    return inFlight();
  }

  @Override
  public List<Integer> kvBlocks() {
    return staged.kvBlocks();
  }

  @Override
  public int slots() {
    return staged.slots();
  }

  @Override
  public void copySlot(int from, int to) {
    staged.copySlot(from, to);
  }

  @Override
  public long bytes(KeptPlace place) {
    return staged.bytes(place);
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    staged.read(place, to);
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    staged.write(place, from);
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    throw new AssertionError("steps are begun");
  }

  @Override
  public void close() {
    staged.close();
  }
}
