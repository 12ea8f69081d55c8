package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.CodeKernel;
import io.solebox.backend.cpu.kernel.CodeLayout;
import io.solebox.backend.cpu.kernel.Codes;
import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

  private record SharedScratch(int headDim, int headsPerKv, AttentionKernel.Scratch[] perWorker) {}

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
  public void begin(Frame frame) {}

  @Override
  public RowStep embed(Op.Embed op, Buffer out) {
    return new JavaRowSteps.Embed(op.table(), threads, out);
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
      return new JavaCodeStep(w, x, out, product, threads, codeScratch, warmUp);
    }
    var kernel = new LinearKernel(w.type(), weights.of(w), w.rows(), w.cols(), bias);
    return new JavaLinearStep(w, x, out, kernel, threads, linearScratch, warmUp);
  }

  private static float[] vector(Weight w) {
    return EmbedKernel.vector(w);
  }

  @Override
  public RowStep rope(Op.Rope op, Buffer x, Buffer table, Buffer out) {
    return new JavaRowSteps.Rope(x, table, out, op.headDim(), op.rotation());
  }

  @Override
  public RowStep store(Op.Attention op, Buffer k, Buffer v, Buffer cache) {
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
      if (s.headDim() == o.headDim() && s.headsPerKv() == headsPerKv) {
        return s.perWorker();
      }
    }
    var perWorker = new AttentionKernel.Scratch[threads];
    Arrays.setAll(perWorker, _ -> kernel.scratch());
    attentionScratch.add(new SharedScratch(o.headDim(), headsPerKv, perWorker));
    return perWorker;
  }

  @Override
  public RowStep swiGlu(Buffer gate, Buffer up, Buffer out) {
    return new JavaRowSteps.SwiGlu(gate, up, out, warmUp);
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
