package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Optional;

/**
 * What stands before and after the layers of a decoder.
 *
 * @param output [V, E]; the embedding table where it is absent
 */
record Ends(
    @Gguf("token_embd") Weight tokenEmbd,
    @Gguf("output_norm") Weight outputNorm,
    @Gguf("output") Optional<Weight> output,
    @Gguf(value = "output", suffix = "bias") Optional<Weight> outputBias) {

  /**
   * Ends the graph with norm and logits of the rows that are asked for.
   *
   * @param x the residual stream after the last layer, [T, E]
   */
  Graph logits(GraphBuilder g, Value x, float epsilon) {
    g.head();
    Value hidden = g.rmsNorm("output_norm", g.selectRows(x), outputNorm, epsilon);
    return g.build(hidden, g.linear("logits", hidden, output.orElse(tokenEmbd), outputBias));
  }
}
