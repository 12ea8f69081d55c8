package io.solebox.engine.model.arch;

import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;

/** A norm and the feed-forward network SwiGLU behind it (Shazeer, arXiv:2002.05202). F ffn. */
record GatedFfn(
    @Gguf("ffn_norm") Weight norm,
    @Gguf("ffn_gate") Projection gate,
    @Gguf("ffn_up") Projection up,
    @Gguf("ffn_down") Projection down) {

  /** {@code x + down(silu(gate(norm(x))) * up(norm(x)))}, of x [T, E]. */
  Value addTo(GraphBuilder g, Value x, float epsilon) {
    Value f = g.rmsNorm("ffn_norm", x, norm, epsilon);
    Value act = g.swiGlu(g.linear("gate", f, gate), g.linear("up", f, up)); // [T, F]
    return g.add("ffn_residual", x, g.linear("down", act, down));
  }
}
