package io.solebox.backend.cpu;

import io.solebox.engine.graph.Op;

/** Makes the steps of one plan, and owns what they share. */
interface StepFactory extends AutoCloseable {
  /** Prepares what the steps share for this frame, before any of them runs. */
  void begin(Frame frame);

  RowStep embed(Op.Embed op, Buffer out);

  RowStep norm(Op.RmsNorm op, Buffer x, Buffer out);

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

  /** Stores keys and values of the step's tokens. */
  RowStep store(Op.Attention op, Buffer k, Buffer v, Buffer cache);

  /** Attends, once all keys and values are stored. */
  Step attend(Op.Attention op, Buffer q, Buffer cache, Buffer out);

  RowStep swiGlu(Buffer gate, Buffer up, Buffer out);

  RowStep add(Buffer a, Buffer b, Buffer out);

  /** Answers the requests for candidates; the plan copies dense answers itself. */
  Step answers(Buffer logits);

  /** Adds to the phases what no task asks for. */
  Step[][] complete(Step[][] phases);

  @Override
  void close();
}
