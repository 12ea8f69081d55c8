package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.nativelib.AttentionBindings;
import io.solebox.backend.cpu.nativelib.CpuBindings;
import io.solebox.backend.cpu.nativelib.StateBindings;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Steps of {@link LibraryKernels}. */
final class NativeSteps implements StepFactory {
  private final LibraryKernels kernels;
  private final CpuBindings library;
  private final Weights weights;
  private final Arena arena;
  private final int threads;
  private final Graph graph;
  private final Limits limits;
  private final NativeBlockTables blockTables;
  private final List<AttentionTiles> tiles = new ArrayList<>();
  private final List<SharedScratch> attentionScratch = new ArrayList<>();

  /** Per worker the address of memory for so many floats. */
  private record SharedScratch(long floats, long[] perWorker) {}

  NativeSteps(
      LibraryKernels kernels, Footprint footprint, Weights weights, Arena arena, int threads) {
    this.kernels = kernels;
    this.library = kernels.library();
    this.weights = weights;
    this.arena = arena;
    this.threads = threads;
    this.graph = footprint.graph();
    this.limits = footprint.limits();
    this.blockTables = new NativeBlockTables(limits, graph.groups().size(), arena);
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public void begin(Frame frame) {
    if (!tiles.isEmpty()) {
      blockTables.begin(frame.batch());
      tiles.forEach(t -> t.begin(frame.batch()));
    }
  }

  @Override
  public RowStep embed(Op.Embed op, Buffer out) {
    return new JavaRowSteps.Embed(op.table(), threads, out);
  }

  @Override
  public RowStep embedPosition(Op.EmbedPosition op, Buffer out) {
    return new JavaRowSteps.EmbedPosition(op.table(), threads, out);
  }

  @Override
  public RowStep norm(Op.LayerNorm op, Buffer x, Buffer out) {
    long bias = op.bias().map(this::vector).orElse(0L);
    int n = op.gain().cols();
    return new NativeRowSteps.LayerNorm(library, x, vector(op.gain()), bias, n, op.eps(), out);
  }

  @Override
  public RowStep norm(Op.RmsNorm op, Buffer x, Buffer out) {
    return new NativeRowSteps.Norm(library, x, vector(op.gain()), op.gain().cols(), op.eps(), out);
  }

  @Override
  public RowStep encode(Buffer x, Encoding encoding, Buffer out) {
    return new NativeRowSteps.Encode(library, x, encoding, out);
  }

  @Override
  public Step linear(Op.Linear op, Buffer x, Buffer out) {
    Weight w = op.weight();
    NativeProduct product = product(w, 0, w.rows(), op.bias().map(this::vector).orElse(0L));
    return new NativeLinearStep(kind(w), product, kernels.bytes(w, w.rows()), x, out, threads);
  }

  @Override
  public Step grouped(ExpertOp.Stack stack, Runs runs, Buffer x, Buffer out) {
    Weight w = stack.weight();
    long bias = stack.bias().map(this::vector).orElse(0L);
    List<NativeProduct> products = new ArrayList<>();
    for (int e = 0; e < stack.experts(); e++) {
      int first = stack.firstRow(e);
      products.add(
          product(w, first, stack.rows(), bias == 0 ? 0 : bias + Encoding.F32.bytes(first)));
    }
    return new NativeGroupedStep(
        kind(w), runs, products, kernels.bytes(w, stack.rows()), x, out, threads);
  }

  /** With some rows of a matrix. */
  private NativeProduct product(Weight w, int first, int rows, long bias) {
    return new NativeProduct(
        library,
        kernels.activations(w.type()) == Encoding.INT8,
        w.type().id(),
        weights.of(w).address() + kernels.bytes(w, first),
        rows,
        w.cols(),
        bias);
  }

  @Override
  public LowRankStep.Product product(Weight w) {
    int type = w.type().id();
    long data = weights.of(w).address();
    return (from, to, x, xAt, rows, out, outAt, _) ->
        library.linearDense(
            type,
            data,
            w.rows(),
            w.cols(),
            from,
            to,
            x.address() + xAt,
            rows,
            0,
            out.address() + outAt);
  }

  /** As in {@code ffn_down Q4_K}. */
  private static String kind(Weight w) {
    return w.title() + " " + w.type();
  }

  /** The address of a small vector as f32. */
  private long vector(Weight w) {
    float[] values = EmbedKernel.vector(w);
    MemorySegment copy = arena.allocate((long) Float.BYTES * values.length, 64);
    MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
    return copy.address();
  }

  @Override
  public RowStep rope(Op.Rope op, Buffer x, Buffer table, Buffer out) {
    return new NativeRowSteps.Rope(library, x, table, out, op.headDim(), op.rotation());
  }

  @Override
  public RowStep store(Op.Attention op, Buffer k, Optional<Buffer> v, Buffer cache) {
    return new NativeAttentionSteps.Store(library.attention(), struct(op), k, v, cache, group(op));
  }

  /** The address of what all calls for this op share. */
  private long struct(Op.Attention op) {
    long sinks = op.sinks().map(this::vector).orElse(0L);
    long slopes = op.slopes().map(this::vector).orElse(0L);
    return AttentionBindings.op(limits.kvType().stored().id(), op.shape(), sinks, slopes, arena);
  }

  @Override
  public Step attend(Op.Attention op, Buffer q, Buffer cache, Buffer out) {
    AttentionTiles cut = tiles(AttentionTiles.Shape.of(op));
    return new NativeAttentionSteps.Attend(
        library.attention(),
        struct(op),
        group(op),
        q,
        cache,
        out,
        cut,
        blockTables,
        scratch(cut.shape()));
  }

  private int group(Op.Attention op) {
    return graph.groupOf(op.keep());
  }

  private AttentionTiles tiles(AttentionTiles.Shape shape) {
    for (AttentionTiles t : tiles) {
      if (t.shape().equals(shape)) {
        return t;
      }
    }
    var made = new AttentionTiles(shape, limits, threads, arena);
    tiles.add(made);
    return made;
  }

  private long[] scratch(AttentionTiles.Shape shape) {
    long floats = kernels.scratchFloats(shape);
    for (SharedScratch s : attentionScratch) {
      if (s.floats() == floats) {
        return s.perWorker();
      }
    }
    long[] perWorker = new long[threads];
    Arrays.setAll(perWorker, _ -> arena.allocate(Float.BYTES * floats, 64).address());
    attentionScratch.add(new SharedScratch(floats, perWorker));
    return perWorker;
  }

  @Override
  public RowStep gated(Gating gating, Buffer gate, Buffer up, Buffer out) {
    return new NativeRowSteps.Gated(library, gating, gate, up, out);
  }

  @Override
  public RowStep activate(Activation activation, Buffer x, Buffer out) {
    return new NativeRowSteps.Activate(library, activation.ordinal(), 0, x, out);
  }

  @Override
  public RowStep scale(float factor, Buffer x, Buffer out) {
    return new NativeRowSteps.Activate(library, CpuBindings.SCALE, factor, x, out);
  }

  @Override
  public RowStep softCap(float cap, Buffer x, Buffer out) {
    return new NativeRowSteps.Activate(library, CpuBindings.SOFT_CAP, cap, x, out);
  }

  @Override
  public DeltaStep.Kernel deltaKernel() {
    StateBindings states = library.states();
    return (state, at, in, keyAt, valueAt, fade, beta, keyDim, valueDim) ->
        states.gatedDelta(
            state.address() + at,
            in.q().address() + keyAt,
            in.k().address() + keyAt,
            in.v().address() + valueAt,
            fade,
            beta,
            keyDim,
            valueDim,
            in.out().address() + valueAt);
  }

  @Override
  public ScanStep.Kernel scanKernel() {
    StateBindings states = library.states();
    return (state, at, in, headAt, groupAt, rates, headDim, stateDim) ->
        states.selectiveScan(
            state.address() + at,
            in.x().address() + headAt,
            in.b().address() + groupAt,
            in.c().address() + groupAt,
            rates.fade(),
            rates.step(),
            rates.skip(),
            headDim,
            stateDim,
            in.out().address() + headAt);
  }

  @Override
  public RowStep add(Buffer a, Buffer b, Buffer out) {
    return new NativeRowSteps.Add(library, a, b, out);
  }

  @Override
  public Step answers(Buffer logits) {
    var scratch = new NativeAnswerStep.Scratch[threads];
    Arrays.setAll(scratch, _ -> new NativeAnswerStep.Scratch(logits.width(), arena));
    return new NativeAnswerStep(library, logits, scratch);
  }

  @Override
  public Step[][] complete(Step[][] phases) {
    return FetchAhead.weave(phases, library, threads);
  }

  @Override
  public void close() {}
}
