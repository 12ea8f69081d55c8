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
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.StagedPlan;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/**
 * A backend of two pretended devices: everything that a GPU backend will need of the seam. Weights
 * are uploaded in slices with progress and may be interrupted; the graph is cut in two stages, one
 * per device; each device has little memory of its own; rows are picked on the device, so whole
 * logits are refused; and the device can be lost. What the devices compute, the scalar reference
 * computes for them.
 */
final class ToyBackend implements Backend {
  private final Backend reference;
  private final long bytesPerDevice;
  private boolean loseDevice;
  private int rowsPicked;

  ToyBackend(long bytesPerDevice) {
    this.reference = Backends.open("reference", 1);
    this.bytesPerDevice = bytesPerDevice;
  }

  /** The next step fails as if the device had fallen off the bus. */
  void loseDevice() {
    loseDevice = true;
  }

  int rowsPicked() {
    return rowsPicked;
  }

  @Override
  public String describe() {
    return "two toy devices";
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
    Estimate host = reference.estimate(graph, limits);
    return new Estimate(
        weightBytes(graph), 0, host.kvBytesPerBlock(), host.sequenceBytes(), host.scratchBytes());
  }

  private static long weightBytes(Graph graph) {
    return graph.weights().stream().mapToLong(Weight::bytes).sum();
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    upload(graph, progress);
    int middle = graph.boundaries().get(graph.boundaries().size() / 2).layer();
    Graph.Stages stages = graph.cutBefore(middle);
    Plan first = stage(stages.first(), limits);
    Plan second = stage(stages.second(), limits);
    return new ToyPlan(new StagedPlan(List.of(first, second), graph, limits.maxStepTokens()));
  }

  private static void upload(Graph graph, Progress progress) {
    int n = graph.ops().size();
    for (int i = 0; i <= n; i++) {
      if (progress.cancelled()) {
        throw new SoleboxException(
            ErrorCode.CANCELLED, "", "Loading was cancelled.", "Load it again.");
      }
      progress.report("uploading", (double) i / n);
    }
  }

  private Plan stage(Graph graph, Limits limits) {
    Estimate host = reference.estimate(graph, limits);
    long left = bytesPerDevice - weightBytes(graph);
    var own =
        new Limits(
            limits.maxSequenceTokens(),
            limits.maxStepTokens(),
            limits.maxSequences(),
            limits.maxRows(),
            limits.kvTokens(),
            limits.snapshots(),
            limits.kvType(),
            limits.activations(),
            left + host.mappedBytes() + host.scratchBytes()); // neither is on a device
    return reference.prepare(graph, own, Progress.none());
  }

  @Override
  public void close() {
    reference.close();
  }

  private final class ToyPlan implements Plan {
    private final Plan staged;

    ToyPlan(Plan staged) {
      this.staged = staged;
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
      if (loseDevice) {
        loseDevice = false;
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE, "toy:1", "The device was lost.", "Seat it again.");
      }
      for (RowRequest row : batch.rows()) {
        switch (row) {
          case RowRequest.Argmax _, RowRequest.TopK _, RowRequest.Nucleus _ -> rowsPicked++;
          case RowRequest.Draw _, RowRequest.Score _ -> rowsPicked++;
          case RowRequest.Logits _, RowRequest.Hidden _ ->
              throw new IllegalStateException("whole rows do not leave this device: " + row);
        }
      }
      staged.run(batch, outputs);
    }

    @Override
    public void close() {
      staged.close();
    }
  }
}
