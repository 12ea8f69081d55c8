package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What stands before and after the layers of a decoder.
 *
 * @param output [V, E]; the embedding table where it is absent
 * @param labels [labels, E] of a model that judges texts
 */
record Ends(
    @Gguf("token_embd") Weight tokenEmbd,
    @Gguf("output_norm") Projection outputNorm,
    @Gguf("output") Optional<Weight> output,
    @Gguf(value = "output", suffix = "bias") Optional<Weight> outputBias,
    @Gguf("cls.output") Optional<Projection> labels) {

  /**
   * Ends the graph with norm and logits of the rows that are asked for.
   *
   * @param x the residual stream after the last layer, [T, E]
   */
  Graph finish(GraphBuilder g, Value x, Norm norm, Purpose purpose) {
    return finish(g, x, norm, purpose, logits -> logits);
  }

  /**
   * @param last what happens to the logits
   */
  Graph finish(GraphBuilder g, Value x, Norm norm, Purpose purpose, UnaryOperator<Value> last) {
    g.head();
    Value hidden = norm.apply(g, "output_norm", g.selectRows(x), outputNorm);
    return switch (purpose.with(labels)) {
      case ANSWER -> g.build(hidden, last.apply(g.linear("logits", hidden, head())));
      case EMBED -> g.build(hidden);
      case RANK -> g.build(g.linear("labels", hidden, Purpose.labels(labels)));
    };
  }

  private Projection head() {
    return new Projection(output.orElse(tokenEmbd), outputBias.map(Weight::flat));
  }
}
