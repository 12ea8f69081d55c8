package io.solebox.testkit;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.StagedPlan;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.util.List;

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
  public Estimate estimate(Graph graph, Limits limits) {
    Estimate host = reference.estimate(graph, limits);
    return new Estimate(weightBytes(graph), host.kvBytesPerBlock(), host.scratchBytes());
  }

  private static long weightBytes(Graph graph) {
    return graph.ops().stream().mapToLong(ToyBackend::weightBytes).sum();
  }

  private static long weightBytes(Op op) {
    return switch (op) {
      case Op.Embed e -> e.table().bytes();
      case Op.Linear l -> l.weight().bytes();
      case Op.RmsNorm n -> n.gain().bytes();
      case Op.TakeHidden _, Op.Rope _, Op.Attention _, Op.SwiGlu _, Op.Add _, Op.SelectRows _ -> 0;
    };
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    upload(graph, progress);
    int middle = graph.boundaries().get(graph.boundaries().size() / 2).layer();
    Graph.Stages stages = graph.cutBefore(middle);
    Plan first = stage(stages.first(), limits);
    Plan second = stage(stages.second(), limits);
    int width = ((Op.Embed) graph.ops().getFirst()).out().width();
    return new ToyPlan(new StagedPlan(List.of(first, second), limits.maxStepTokens(), width));
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
    long left = bytesPerDevice - weightBytes(graph); // the reference keeps weights elsewhere
    var own =
        new Limits(
            limits.maxSequenceTokens(),
            limits.maxStepTokens(),
            limits.maxSequences(),
            limits.maxRows(),
            limits.kvBlocks(),
            limits.kvType(),
            limits.activations(),
            left + host.scratchBytes());
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
    public int kvBlocks() {
      return staged.kvBlocks();
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
          case RowRequest.Argmax _, RowRequest.TopK _ -> rowsPicked++;
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
