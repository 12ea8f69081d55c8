package io.solebox.backend.cpu;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.util.Optional;

/** Makes the steps of one plan, and owns what they share. */
interface StepFactory extends AutoCloseable {
  /** Of the team that runs the steps. */
  int threads();

  /** Prepares what the steps share for this frame, before any of them runs. */
  void begin(Frame frame);

  RowStep embed(Op.Embed op, Buffer out);

  RowStep embedPosition(Op.EmbedPosition op, Buffer out);

  RowStep norm(Op.RmsNorm op, Buffer x, Buffer out);

  RowStep norm(Op.LayerNorm op, Buffer x, Buffer out);

  /** From f32 to another encoding. */
  RowStep encode(Buffer x, Encoding encoding, Buffer out);

  /**
   * @param x in the encoding that {@link Kernels#activations} asks for
   */
  Step linear(Op.Linear op, Buffer x, Buffer out);

  /**
   * @param table of {@link RopeTableStep}
   */
  RowStep rope(Op.Rope op, Buffer x, Buffer table, Buffer out);

  /**
   * The products of a matrix per run with the rows of the run.
   *
   * @param stack as many matrices as runs can be of
   * @param x as for {@link #linear}, rows in the order of the runs
   */
  Step grouped(ExpertOp.Stack stack, Runs runs, Buffer x, Buffer out);

  /** A matrix of f32 that some rows of a step are multiplied with. */
  LowRankStep.Product product(Weight weight);

  /** Stores keys and values of the step's tokens; {@code v} is absent where they are in keys. */
  RowStep store(Op.Attention op, Buffer k, Optional<Buffer> v, Buffer cache);

  /** Attends, once all keys and values are stored. */
  Step attend(Op.Attention op, Buffer q, Buffer cache, Buffer out);

  RowStep gated(Gating gating, Buffer gate, Buffer up, Buffer out);

  RowStep activate(Activation activation, Buffer x, Buffer out);

  RowStep scale(float factor, Buffer x, Buffer out);

  RowStep softCap(float cap, Buffer x, Buffer out);

  /** Who does a token of a head of the gated delta rule. */
  DeltaStep.Kernel deltaKernel();

  /** Who does a token of a head of the selective scan. */
  ScanStep.Kernel scanKernel();

  RowStep add(Buffer a, Buffer b, Buffer out);

  /** Answers the requests for candidates; the plan copies dense answers itself. */
  Step answers(Buffer logits);

  /** Adds to the phases what no task asks for. */
  Step[][] complete(Step[][] phases);

  @Override
  void close();
}
