package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.util.List;
import java.util.Optional;

/**
 * Devices of one provider that compute one graph together: each has its rank of it, and they add up
 * what each has of a sum ({@link Op.AllReduce}). What a rank takes of its device, exchange
 * included, is what {@link Backend#estimate} says of its graph.
 */
public interface Team {
  /**
   * A rank's part of the graph.
   *
   * @param limits the same for all ranks but for the memory of the device
   */
  record Share(Graph graph, Limits limits) {}

  /** For people: how they reach each other, as in {@code over peer memory}. */
  String describe();

  /**
   * Of the slowest pair that the exchange uses; empty where nobody has measured it and nobody says
   * it.
   */
  Optional<LinkFigures> slowestLink();

  /**
   * As {@link Backend#prepare}, for all ranks.
   *
   * @param shares one for each member, in their order
   * @return a plan whose answers are the same bits at every run
   */
  Plan prepare(List<Share> shares, Progress progress);

  /**
   * For a device that is to run a graph alone.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for a rank of a graph that was cut for
   *     several
   */
  static void requireWhole(Graph graph) {
    if (graph.ops().stream().anyMatch(op -> op instanceof Op.AllReduce)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--split tensor",
          "A part of a graph that was split for several devices cannot run on one alone.",
          "Use --split layers, or one device.");
    }
  }
}
