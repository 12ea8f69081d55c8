package io.solebox.testkit;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/** The scalar reference, one of whose plans breaks when it is asked something; counts its plans. */
final class FailingBackend implements Backend {
  /** When it breaks. */
  enum Fault {
    /** While it is made. */
    PREPARE,
    /** While people are told of it. */
    NOTES,
    /** While that which runs it is made. */
    SLOTS
  }

  private final Backend reference = Backends.open("reference", 1);
  private final Fault fault;
  private final int failing;
  private int plans;
  private int openPlans;

  /**
   * @param failing the number of the plan that breaks
   */
  FailingBackend(Fault fault, int failing) {
    this.fault = fault;
    this.failing = failing;
  }

  int openPlans() {
    return openPlans;
  }

  @Override
  public String describe() {
    return reference.describe();
  }

  @Override
  public Set<TensorType> computes(Activations activations) {
    return reference.computes(activations);
  }

  @Override
  public Set<TensorType> embeds() {
    return reference.embeds();
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return reference.estimate(graph, limits);
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    var plan = new CountedPlan(reference.prepare(graph, limits, progress), plans++);
    plan.breakAt(Fault.PREPARE);
    openPlans++;
    return plan;
  }

  @Override
  public void close() {
    reference.close();
  }

  private final class CountedPlan implements Plan {
    private final Plan plan;
    private final int number;

    CountedPlan(Plan plan, int number) {
      this.plan = plan;
      this.number = number;
    }

    private void breakAt(Fault here) {
      if (here == fault && number == failing) {
        throw new IllegalStateException("plan " + number + " breaks: " + fault);
      }
    }

    @Override
    public List<Integer> kvBlocks() {
      return plan.kvBlocks();
    }

    @Override
    public int slots() {
      breakAt(Fault.SLOTS);
      return plan.slots();
    }

    @Override
    public void copySlot(int from, int to) {
      plan.copySlot(from, to);
    }

    @Override
    public long bytes(KeptPlace place) {
      return plan.bytes(place);
    }

    @Override
    public void read(KeptPlace place, MemorySegment to) {
      plan.read(place, to);
    }

    @Override
    public void write(KeptPlace place, MemorySegment from) {
      plan.write(place, from);
    }

    @Override
    public List<String> notes() {
      breakAt(Fault.NOTES);
      return plan.notes();
    }

    @Override
    public void run(Batch batch, Outputs outputs) {
      plan.run(batch, outputs);
    }

    @Override
    public void close() {
      openPlans--;
      plan.close();
    }
  }
}
