package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Target;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.StepCheck;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A graph on one GPU. A step is cut into parts: up to eight tokens decode as one captured graph,
 * prompt chunks run as launches. The calling thread packs inputs and unpacks answers, which may be
 * confined to it; the GPU's thread does the rest.
 */
final class CudaPlan implements Plan {
  /** Less is no wait that a person would ask about, and what reading the driver's cache takes. */
  private static final double NOTABLE_SECONDS = 0.5;

  private final CudaThread gpu;
  private final Kernels kernels;
  private final Peers peers;
  private final Footprint footprint;
  private final KeptRows kept;
  private final Seat seat;
  private final StepCheck check;
  private Resident resident;
  private final LoadReport loadReport;
  private final Set<String> waysHere = new TreeSet<>(); // of hidden states, in words
  private boolean lossReported;
  private boolean closed;

  CudaPlan(Peers peers, Footprint footprint, KeptRows kept, Seat seat, Progress progress) {
    this.gpu = peers.gpu();
    this.kernels = peers.kernels();
    this.peers = peers;
    this.footprint = footprint;
    this.kept = kept;
    this.seat = seat;
    this.check = new StepCheck(footprint.graph(), footprint.limits());
    this.resident = Resident.load(gpu, kernels, footprint, kept, seat, progress);
    this.loadReport = resident.report();
  }

  @Override
  public List<Integer> kvBlocks() {
    return kept.blocksOfGroup();
  }

  @Override
  public int slots() {
    return kept.slots();
  }

  @Override
  public Optional<LoadReport> loadReport() {
    return Optional.of(loadReport);
  }

  @Override
  public List<String> notes() {
    return Stream.of(
            compileNote(loadReport, kernels.target()).stream(),
            gpu.call(kernels::notes).stream(),
            waysHere.stream())
        .flatMap(Function.identity())
        .toList();
  }

  /** Empty where the driver had the kernels in its cache. */
  static Optional<String> compileNote(LoadReport load, Target target) {
    return load.compileSeconds() < NOTABLE_SECONDS
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "compiled %d kernel modules for %s in %.1f s; the driver keeps them.",
                load.compiledModules(),
                target.directory(),
                load.compileSeconds()));
  }

  @Override
  public void copySlot(int from, int to) {
    requireOpen();
    StepCheck.requireSlots(from, to, this);
    comeBack();
    reportingLoss(() -> resident.copySlot(from, to));
  }

  @Override
  public long bytes(KeptPlace place) {
    return footprint.keptBytes(place);
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    requireOpen();
    StepCheck.requirePlace(place, to, this);
    comeBack();
    reportingLoss(() -> resident.read(place, to));
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    requireOpen();
    StepCheck.requirePlace(place, from, this);
    comeBack();
    reportingLoss(() -> resident.write(place, from));
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    requireOpen();
    check.require(batch, this);
    comeBack();
    reportingLoss(
        () -> {
          seat.requireReady();
          for (Part part : Part.of(batch)) {
            resident.run(part, batch, outputs);
          }
        });
  }

  @Override
  public Optional<HiddenPlace> placeFrom(Plan before, int tokens) {
    return before instanceof CudaPlan sender
        ? Optional.of(new Crossing.Place(crossing(sender.peers, tokens), 0))
        : Optional.empty();
  }

  private Crossing crossing(Peers sender, int tokens) {
    int width = footprint.graph().takes().orElseThrow().width();
    long bytes = (long) Float.BYTES * width * tokens;
    PeerWay way = sender.to(peers);
    waysHere.add(
        "%s hands hidden states over to %s %s."
            .formatted(sender.gpu().place(), gpu.place(), way.describe()));
    return switch (way) {
      case PeerWay.Direct _ -> new PeerCrossing(sender, peers, bytes);
      case PeerWay.ThroughHost _ -> new HostCrossing(gpu, bytes);
    };
  }

  /** Whether the driver gives a new context in place of a lost one. */
  @Override
  public Optional<SoleboxException> loss() {
    if (!gpu.lost()) {
      return Optional.empty();
    }
    try {
      gpu.recover();
      return Optional.empty();
    } catch (SoleboxException e) {
      return Optional.of(e);
    }
  }

  private void reportingLoss(Runnable work) {
    try {
      work.run();
    } catch (SoleboxException e) {
      lossReported = gpu.lost();
      throw e;
    }
  }

  @Override
  public Optional<StepProfile> profile(Batch batch, Outputs outputs) {
    requireOpen();
    check.require(batch, this);
    comeBack();
    return Optional.of(resident.profile(Part.of(batch).getFirst(), batch, outputs));
  }

  private void requireOpen() {
    if (closed) {
      throw new SoleboxException(ErrorCode.CLOSED, "", "The model is closed.", "Load it again.");
    }
  }

  /**
   * Sets everything up anew after the context was lost, by this plan's work or another's.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} when another's work lost it: the caller
   *     must hear that the cache is empty
   */
  private void comeBack() {
    if (gpu.lost()) {
      gpu.recover();
    }
    if (resident.generation() == gpu.generation()) {
      return;
    }
    resident.close();
    resident = Resident.load(gpu, kernels, footprint, kept, seat, Progress.none());
    boolean known = lossReported;
    lossReported = false;
    if (!known) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "",
          "The GPU was set up anew after an error, and what this model had in its cache is gone.",
          "Send the request again.");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      resident.close();
    }
  }
}
