package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.CodeKernel;
import io.solebox.backend.cpu.kernel.CodeLayout;
import io.solebox.backend.cpu.kernel.Codes;
import io.solebox.backend.cpu.kernel.Elementwise;
import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.backend.cpu.kernel.StateKernel;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Steps of {@link JavaKernels}. Threads have their own scratch, which the steps share. */
final class JavaSteps implements StepFactory {
  private final JavaKernels kernels;
  private final Footprint footprint;
  private final Weights weights;
  private final WarmUp warmUp;
  private final int threads;
  private final CodeKernel.Scratch[] codeScratch;
  private final LinearKernel.Scratch[] linearScratch;
  private final List<SharedScratch> attentionScratch = new ArrayList<>();

  private record SharedScratch(
      int headDim, int valueDim, int headsPerKv, AttentionKernel.Scratch[] perWorker) {}

  JavaSteps(JavaKernels kernels, Footprint footprint, Weights weights, int threads) {
    this.kernels = kernels;
    this.footprint = footprint;
    this.weights = weights;
    this.threads = threads;
    int codeColumns = kernels.codeColumns(footprint.graph());
    this.codeScratch = new CodeKernel.Scratch[threads];
    Arrays.setAll(codeScratch, _ -> new CodeKernel.Scratch(codeColumns));
    this.linearScratch = new LinearKernel.Scratch[threads];
    Arrays.setAll(linearScratch, _ -> new LinearKernel.Scratch());
    this.warmUp = new WarmUp(footprint, kernels.mode());
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public void begin(Frame frame) {}

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
    float[] bias = op.bias().map(JavaSteps::vector).orElseGet(() -> new float[0]);
    return new JavaRowSteps.LayerNorm(x, out, vector(op.gain()), bias, op.eps());
  }

  @Override
  public RowStep norm(Op.RmsNorm op, Buffer x, Buffer out) {
    return new JavaRowSteps.Norm(x, out, vector(op.gain()), op.eps(), warmUp);
  }

  @Override
  public RowStep encode(Buffer x, Encoding encoding, Buffer out) {
    Codes codes =
        switch (encoding) {
          case CODES4 -> Codes.FOUR;
          case CODES5 -> Codes.FIVE;
          case CODES6 -> Codes.SIX;
          case F32, BF16, INT8 -> throw new AssertionError("not for Java: " + encoding);
        };
    return new JavaRowSteps.Encode(x, codes, out);
  }

  @Override
  public Step linear(Op.Linear op, Buffer x, Buffer out) {
    Weight w = op.weight();
    float[] bias = op.bias().map(JavaSteps::vector).orElseGet(() -> new float[0]);
    if (kernels.repacker(w.type()).isPresent()) {
      var layout = new CodeLayout(w.type(), w.cols());
      var product = new CodeKernel(layout, weights.of(w), w.rows(), bias);
      return new JavaCodeStep(
          w, kernels.bytes(w, w.rows()), x, out, product, threads, codeScratch, warmUp);
    }
    var kernel = new LinearKernel(w.type(), weights.of(w), w.rows(), w.cols(), bias);
    return new JavaLinearStep(w, x, out, kernel, threads, linearScratch, warmUp);
  }

  @Override
  public Step grouped(ExpertOp.Stack stack, Runs runs, Buffer x, Buffer out) {
    Weight w = stack.weight();
    int rows = stack.rows();
    float[] bias = stack.bias().map(JavaSteps::vector).orElseGet(() -> new float[0]);
    List<JavaGroupedStep.Product> products = new ArrayList<>();
    for (int e = 0; e < stack.experts(); e++) {
      int first = stack.firstRow(e);
      float[] own = bias.length == 0 ? bias : Arrays.copyOfRange(bias, first, first + rows);
      products.add(product(w, first, rows, own));
    }
    return new JavaGroupedStep(w, rows, kernels.bytes(w, rows), runs, x, out, products, warmUp);
  }

  private JavaGroupedStep.Product product(Weight w, int first, int rows, float[] bias) {
    MemorySegment all = weights.of(w);
    if (kernels.repacker(w.type()).isPresent()) {
      var layout = new CodeLayout(w.type(), w.cols());
      long at = first / CodeLayout.ROWS * layout.groupBytes();
      long bytes = rows / CodeLayout.ROWS * layout.groupBytes();
      var kernel = new CodeKernel(layout, all.asSlice(at, bytes), rows, bias);
      return (x, out, tokens, worker, plain) ->
          kernel.run(x, out, tokens, 0, kernel.groups(), codeScratch[worker], plain);
    }
    MemorySegment own = all.asSlice(first * w.rowBytes(), rows * w.rowBytes());
    var kernel = new LinearKernel(w.type(), own, rows, w.cols(), bias);
    return (x, out, tokens, worker, plain) ->
        kernel.run(x, out, tokens, 0, rows, linearScratch[worker], plain);
  }

  @Override
  public LowRankStep.Product product(Weight w) {
    var kernel = new LinearKernel(w.type(), weights.of(w), w.rows(), w.cols(), new float[0]);
    return (from, to, x, xAt, rows, out, outAt, worker) -> {
      boolean plain = warmUp.plain();
      if (plain) {
        warmUp.worked(kernel.multiplyAdds(rows, to - from));
      }
      MemorySegment in = x.data().asSlice(xAt);
      kernel.run(in, out.data().asSlice(outAt), rows, from, to, linearScratch[worker], plain);
    };
  }

  private static float[] vector(Weight w) {
    return EmbedKernel.vector(w);
  }

  @Override
  public RowStep rope(Op.Rope op, Buffer x, Buffer table, Buffer out) {
    return new JavaRowSteps.Rope(x, table, out, op.headDim(), op.rotation());
  }

  @Override
  public RowStep store(Op.Attention op, Buffer k, Optional<Buffer> v, Buffer cache) {
    KvLayout layout = JavaKernels.kvLayout(op, footprint.limits().kvType());
    return new JavaAttentionSteps.Store(k, v, cache, group(op), layout);
  }

  @Override
  public Step attend(Op.Attention op, Buffer q, Buffer cache, Buffer out) {
    AttentionKernel kernel = JavaKernels.attention(op, footprint.limits().kvType());
    return new JavaAttentionSteps.Attend(
        q, cache, out, group(op), op.numKvHeads(), kernel, scratch(op, kernel), warmUp);
  }

  private int group(Op.Attention op) {
    return footprint.graph().groupOf(op.keep());
  }

  private AttentionKernel.Scratch[] scratch(Op.Attention o, AttentionKernel kernel) {
    int headsPerKv = o.numHeads() / o.numKvHeads();
    for (SharedScratch s : attentionScratch) {
      if (s.headDim() == o.headDim()
          && s.valueDim() == o.shape().valueDim()
          && s.headsPerKv() == headsPerKv) {
        return s.perWorker();
      }
    }
    var perWorker = new AttentionKernel.Scratch[threads];
    Arrays.setAll(perWorker, _ -> kernel.scratch());
    attentionScratch.add(
        new SharedScratch(o.headDim(), o.shape().valueDim(), headsPerKv, perWorker));
    return perWorker;
  }

  @Override
  public RowStep gated(Gating gating, Buffer gate, Buffer up, Buffer out) {
    return new JavaRowSteps.Gated(gating, gate, up, out, warmUp);
  }

  @Override
  public RowStep activate(Activation activation, Buffer x, Buffer out) {
    return new JavaRowSteps.Each(
        x, out, (in, y, from, to) -> Elementwise.activate(activation, in, y, from, to));
  }

  @Override
  public RowStep scale(float factor, Buffer x, Buffer out) {
    return new JavaRowSteps.Each(
        x, out, (in, y, from, to) -> Elementwise.scale(factor, in, y, from, to));
  }

  @Override
  public RowStep softCap(float cap, Buffer x, Buffer out) {
    return new JavaRowSteps.Each(
        x, out, (in, y, from, to) -> Elementwise.softCap(cap, in, y, from, to));
  }

  @Override
  public DeltaStep.Kernel deltaKernel() {
    return (state, at, in, keyAt, valueAt, fade, beta, keyDim, valueDim) ->
        StateKernel.gatedDelta(
            state.data(),
            at,
            in.q().data(),
            in.k().data(),
            keyAt,
            in.v().data(),
            in.out().data(),
            valueAt,
            fade,
            beta,
            keyDim,
            valueDim);
  }

  @Override
  public ScanStep.Kernel scanKernel() {
    return (state, at, in, headAt, groupAt, rates, headDim, stateDim) ->
        StateKernel.selectiveScan(
            state.data(),
            at,
            in.x().data(),
            in.out().data(),
            headAt,
            in.b().data(),
            in.c().data(),
            groupAt,
            rates.fade(),
            rates.step(),
            rates.skip(),
            headDim,
            stateDim);
  }

  @Override
  public RowStep add(Buffer a, Buffer b, Buffer out) {
    return new JavaRowSteps.Add(a, b, out, warmUp);
  }

  @Override
  public Step answers(Buffer logits) {
    return new JavaAnswerStep(logits, warmUp);
  }

  @Override
  public Step[][] complete(Step[][] phases) {
    return phases;
  }

  @Override
  public void close() {
    warmUp.close();
  }
}
