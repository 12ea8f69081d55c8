package io.solebox.backend.cuda;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What there are kernels for; a graph with anything else is refused as a whole, and by name. */
final class OpSet {
  /** Kernels have a place in shared memory for each. */
  private static final int MOST_EXPERTS = 512;

  /** Lanes of a warp, each of which has a choice of its token, and looks at a group. */
  private static final int WARP = 32;

  private OpSet() {}

  /**
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming all that is missing
   */
  static void require(Graph graph) {
    Set<String> missing = new TreeSet<>();
    graph.ops().forEach(op -> missing(op).ifPresent(missing::add));
    if (!missing.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          "cuda",
          "There are no kernels for the GPU yet for what this model computes: "
              + String.join(", ", missing)
              + ".",
          "Use --device cpu.");
    }
  }

  /** What of an op there is no kernel for. */
  static Optional<String> missing(Op op) {
    return switch (op) {
      case Op.Embed _, Op.TakeHidden _, Op.RmsNorm _, Op.Linear _, Op.Rope _ -> Optional.empty();
      case Op.SelectRows _, Op.MeanRows _, Op.EmbedPosition _, Op.LayerNorm _ -> Optional.empty();
      case Op.ScaleByPosition _, Op.AllReduce _ -> Optional.empty();
      case Op.HeadLinear _, ExpertOp.Experts _ -> Optional.empty();
      case Op.Attention o -> missing(o.shape());
      case PointwiseOp _ -> Optional.empty();
      case ExpertOp.Route o -> missing(o.logits().width(), o.routing());
      case LowRank _ -> Optional.empty();
      case StateOp.ShortConv _ -> Optional.empty();
      case StateOp.GatedDelta o -> missing("the gated delta rule", o.keyDim());
      case StateOp.SelectiveScan o -> missing("the selective scan", o.stateDim());
    };
  }

  private static Optional<String> missing(AttentionShape shape) {
    return shape.latent() && shape.numKvHeads() > 1
        ? Optional.of("latents of several heads")
        : Optional.empty();
  }

  private static Optional<String> missing(int experts, ExpertOp.Routing routing) {
    if (experts > MOST_EXPERTS) {
      return Optional.of("more than %d experts".formatted(MOST_EXPERTS));
    } else if (routing.used() > WARP) {
      return Optional.of("more than %d experts of a token".formatted(WARP));
    } else if (routing.groups() > WARP) {
      return Optional.of("more than %d groups of experts".formatted(WARP));
    }
    return Optional.empty();
  }

  /**
   * @param row elements of a state that a warp keeps in registers
   */
  private static Optional<String> missing(String what, int row) {
    return row > StateLauncher.LONG_ROW
        ? Optional.of("%s with rows of more than %d".formatted(what, StateLauncher.LONG_ROW))
        : Optional.empty();
  }
}
