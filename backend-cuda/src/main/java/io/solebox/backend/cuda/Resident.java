package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Graph;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph.End;
import io.solebox.engine.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan while it lives in one context: its device state, its captured graphs, and how parts run.
 */
final class Resident implements AutoCloseable {
  private static final double NANOS = 1e9;

  private final CudaThread gpu;
  private final Footprint footprint;
  private final DeviceState state;
  private final Stream stream;
  private final NodeLauncher launcher;
  private final Optional<Answers> answers;
  private final Optional<Value> takes;
  private final Optional<Value> gives;

  /** Longest unused first; touched by the GPU's thread alone. */
  private final Map<Shape, Graph> graphs =
      new LinkedHashMap<>(GraphMemory.MOST_GRAPHS, 0.75f, true);

  private final Map<Shape, Long> took = new HashMap<>(); // least nanoseconds of such a decode step
  private final Switches switches;
  private final Launches launches;
  private LoadReport report = new LoadReport(0, 0, new LoadReport.Upload(0, 1, 0, 0));

  private Resident(CudaThread gpu, Kernels kernels, Footprint footprint, DeviceState state) {
    this.gpu = gpu;
    this.footprint = footprint;
    this.state = state;
    this.stream = state.stream();
    this.switches = kernels.switches();
    this.launches = new Launches(stream, kernels.overlap());
    this.launcher = new NodeLauncher(kernels, footprint, state, launches);
    this.answers =
        footprint.graph().end() instanceof End.Rows end
            ? Optional.of(new Answers(kernels, end, footprint.answers(), state, launches))
            : Optional.empty();
    this.takes = footprint.graph().takes();
    this.gives =
        footprint.graph().end() instanceof End.Hidden(var hidden)
            ? Optional.of(hidden)
            : Optional.empty();
  }

  /**
   * Allocates, compiles, uploads.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY}, {@code CANCELLED}, {@code DEVICE_UNAVAILABLE}
   */
  static Resident load(
      CudaThread gpu,
      Kernels kernels,
      Footprint footprint,
      KeptRows kept,
      Seat seat,
      Progress progress) {
    DeviceState state = gpu.call(() -> new DeviceState(gpu, footprint, kept, seat));
    try {
      var resident = new Resident(gpu, kernels, footprint, state);
      Kernels.Loaded before = gpu.call(kernels::loaded);
      resident.compile(kernels, progress);
      Kernels.Loaded after = gpu.call(kernels::loaded);
      long start = System.nanoTime();
      long bytes = state.fill(gpu, progress);
      resident.report =
          new LoadReport(
              after.modules() - before.modules(),
              (after.nanos() - before.nanos()) / NANOS,
              new LoadReport.Upload(bytes, 1, start, System.nanoTime()));
      return resident;
    } catch (Throwable t) {
      state.close();
      throw t;
    }
  }

  /**
   * Has the driver compile every kernel that any part can need; none may be compiled in a capture.
   */
  private void compile(Kernels kernels, Progress progress) {
    var loader = new NodeLauncher(kernels, footprint, state, (_, _, _) -> {});
    String stage = "compiling kernels for " + kernels.target().directory() + ", once per driver";
    for (int i = 0; i < footprint.nodes().size(); i++) {
      if (progress.cancelled()) {
        throw new SoleboxException(
            ErrorCode.CANCELLED, "", "Loading was stopped.", "Load it again.");
      }
      progress.report(stage, (double) i / footprint.nodes().size());
      Node node = footprint.nodes().get(i);
      gpu.run(
          () -> {
            for (int n = 1; n <= DecodeBatch.LARGEST; n *= 2) {
              loader.launch(node, new Shape(n, n, 1, 0));
            }
            int many = DecodeBatch.LARGEST + 1;
            loader.launch(node, new Shape(many, many, 1, 1));
          });
    }
    gpu.run(() -> answers.ifPresent(Answers::loadAll));
    progress.report(stage, 1);
  }

  LoadReport report() {
    return report;
  }

  int generation() {
    return state.generation();
  }

  /** Copies recurrent state from one place to another, before whatever runs next. */
  void copySlot(int from, int to) {
    gpu.run(() -> state.copySlot(from, to));
  }

  /** Brings what a place holds to host memory. */
  void read(KeptPlace place, MemorySegment to) {
    gpu.run(() -> state.transfer().read(place, to));
  }

  /** Overwrites a place, before whatever runs next. */
  void write(KeptPlace place, MemorySegment from) {
    gpu.run(() -> state.transfer().write(place, from));
  }

  /** Runs one part and fills the slots of its rows. */
  void run(Part part, Batch batch, Outputs outputs) {
    Shape shape = shape(part, batch);
    StepInput input = footprint.input();
    MemorySegment host = state.inputHost().segment();
    input.write(part, batch, shape.tokens(), shape.rows(), host);
    if (!shape.isDecode()) {
      input.writeSpans(part, batch, host);
    }
    boolean newTables = input.writeTables(part, batch, footprint.graph().groups(), host);
    Optional<HiddenTransfer> taken = takes.map(v -> transfer(given(batch), v, part));
    Optional<HiddenTransfer> left = gives.map(v -> transfer(outputs.stageHidden(), v, part));
    taken.ifPresent(HiddenTransfer::beforeTaking);
    left.ifPresent(HiddenTransfer::beforeLeaving);
    Optional<Answers.Request> request = answers.map(a -> a.request(part));
    long expected = took.getOrDefault(shape, 0L);
    long start = System.nanoTime();
    try {
      gpu.run(
          () -> {
            if (newTables) {
              upload(input.tablesAt(), input.bytes());
            }
            taken.ifPresent(t -> t.take(stream));
            compute(shape);
            left.ifPresent(t -> t.leave(stream));
            answer(request);
            stream.synchronize(expected);
          },
          expected);
    } catch (SoleboxException e) {
      left.ifPresent(t -> t.blame(e));
      throw e;
    }
    state.seat().requireSummed();
    if (shape.isDecode()) {
      took.merge(shape, System.nanoTime() - start, Math::min);
    }
    request.ifPresent(r -> deliver(r, outputs));
    left.ifPresent(HiddenTransfer::afterLeaving);
  }

  private void answer(Optional<Answers.Request> request) {
    launches.begin();
    request.ifPresent(r -> answers.orElseThrow().more(r));
  }

  private HiddenTransfer transfer(HiddenPlace place, Value v, Part part) {
    long rowBytes = (long) Float.BYTES * v.width();
    return new HiddenTransfer(place, state.address(v), rowBytes, state.hiddenHost(), part.tokens());
  }

  private static HiddenPlace given(Batch batch) {
    return switch (batch.input()) {
      case Batch.Input.Tokens _ ->
          throw new IllegalArgumentException("this stage takes a hidden state, not tokens");
      case Batch.Input.Hidden(var place) -> place;
    };
  }

  /** Where the time of a decode part goes; its numbers are in place when it has run once. */
  StepProfile profile(Part part, Batch batch, Outputs outputs) {
    run(part, batch, outputs);
    Shape shape = shape(part, batch);
    int position = batch.positions()[part.tokens()[0]];
    Map<String, StepProfiler.Kind> kinds =
        StepProfiler.kinds(footprint, position, node -> launcher.launch(node, shape));
    answers.ifPresent(
        a ->
            kinds.put(
                "best of the row", new StepProfiler.Kind(List.of(() -> a.best(shape.rows())), 0)));
    return new StepProfiler(gpu, stream, launches).profile(() -> enqueue(shape), kinds);
  }

  /** Shapes of decode parts are padded to buckets, which few graphs serve. */
  private Shape shape(Part part, Batch batch) {
    int tokens = part.tokens().length;
    int rows = part.rows().size();
    if (!part.isDecode()) {
      return new Shape(tokens, rows, 0, footprint.input().countSpans(part, batch));
    }
    int last = 0;
    for (int t : part.tokens()) {
      int end = batch.positions()[batch.sequenceEnd(t) - 1];
      last = Math.max(last, footprint.input().seesAhead() ? end : batch.positions()[t]);
    }
    int lanes = Math.min(DecodeBatch.bucket(tokens), Places.rows(false, footprint.limits()));
    boolean fewRows = rows > 0 && rows <= DecodeBatch.LANES;
    int bucketOfRows =
        fewRows ? Math.min(DecodeBatch.bucket(rows), Places.rows(true, footprint.limits())) : rows;
    return new Shape(lanes, bucketOfRows, footprint.attention().bucket(lanes, last), 0);
  }

  private void compute(Shape shape) {
    if (switches.graphs() && shape.isDecode() && shape.rows() <= DecodeBatch.LANES) {
      stream.launch(graph(shape));
    } else {
      enqueue(shape);
    }
  }

  private Graph graph(Shape shape) {
    Graph known = graphs.get(shape);
    if (known == null) {
      if (graphs.size() == GraphMemory.MOST_GRAPHS) {
        Shape oldest = graphs.keySet().iterator().next();
        graphs.remove(oldest).close();
      }
      known = stream.capture(() -> enqueue(shape));
      graphs.put(shape, known);
    }
    return known;
  }

  private void upload(long from, long to) {
    MemorySegment host = state.inputHost().segment().asSlice(from, to - from);
    stream.upload(host, state.input() + from);
  }

  /** Everything whose shape is all that changes. */
  private void enqueue(Shape shape) {
    StepInput input = footprint.input();
    upload(0, shape.isDecode() ? input.spansAt() : input.tablesAt());
    launches.begin();
    for (Node node : footprint.nodes()) {
      launcher.launch(node, shape);
    }
    if (shape.rows() > 0) {
      answers.ifPresent(a -> a.best(shape.rows()));
    }
  }

  private void deliver(Answers.Request request, Outputs outputs) {
    Answers a = answers.orElseThrow();
    for (Part.Row row : a.deliver(request, outputs)) {
      gpu.run(() -> a.fetch(request, row));
      a.copyRow(row, outputs);
    }
    for (Part.Row row : request.onHost()) {
      gpu.run(() -> a.fetch(request, row));
      a.answerOnHost(row, outputs);
    }
  }

  @Override
  public void close() {
    gpu.run(
        () -> {
          graphs.values().forEach(Graph::close);
          state.close();
        });
  }
}
