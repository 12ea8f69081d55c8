package io.solebox.engine.backend;

import io.solebox.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Two devices for one model that does not fit the better of them: the first layers on one, the last
 * ones, with the head, on the other.
 */
public final class SplitBackend implements Backend {
  private final Backend first;
  private final long firstMemoryBytes;
  private final Backend last;
  private final int lastLayers;

  /**
   * @param first has the layers that are left; closed with this
   * @param firstMemoryBytes its budget; that of {@code last} comes with the limits
   * @param lastLayers layers on {@code last}, which has all if there are no more
   */
  public SplitBackend(Backend first, long firstMemoryBytes, Backend last, int lastLayers) {
    this.first = first;
    this.firstMemoryBytes = firstMemoryBytes;
    this.last = last;
    this.lastLayers = lastLayers;
  }

  @Override
  public String describe() {
    return "%d layers on %s, the others on %s"
        .formatted(lastLayers, last.describe(), first.describe());
  }

  @Override
  public List<String> notes() {
    var notes = new ArrayList<>(first.notes());
    notes.addAll(last.notes());
    return notes;
  }

  /** Of both together. */
  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    int layers = graph.boundaries().size();
    if (lastLayers >= layers) {
      return last.estimate(graph, limits);
    }
    if (lastLayers == 0) {
      return first.estimate(graph, limits);
    }
    Graph.Stages stages = graph.cutBefore(cut(graph).layer());
    Estimate a = first.estimate(stages.first(), limits);
    Estimate b = last.estimate(stages.second(), limits);
    return new Estimate(
        a.weightBytes() + b.weightBytes(),
        a.kvBytesPerBlock() + b.kvBytesPerBlock(),
        a.scratchBytes() + b.scratchBytes());
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    int layers = graph.boundaries().size();
    if (lastLayers >= layers) {
      return last.prepare(graph, limits, progress);
    }
    Limits firstLimits = limits.withMemoryBudget(firstMemoryBytes);
    if (lastLayers == 0) {
      return first.prepare(graph, firstLimits, progress);
    }
    Graph.Boundary cut = cut(graph);
    Graph.Stages stages = graph.cutBefore(cut.layer());
    // The smaller memory refuses first, before the other has read its weights.
    Plan end = last.prepare(stages.second(), limits, progress);
    try {
      Plan begin = first.prepare(stages.first(), firstLimits, progress);
      return new StagedPlan(List.of(begin, end), limits.maxStepTokens(), cut.hidden().width());
    } catch (RuntimeException | Error e) {
      end.close();
      throw e;
    }
  }

  private Graph.Boundary cut(Graph graph) {
    return graph.boundaries().get(graph.boundaries().size() - lastLayers);
  }

  /** The yardstick of neither device is that of both. */
  @Override
  public OptionalDouble readBandwidthBytesPerSecond() {
    return OptionalDouble.empty();
  }

  @Override
  public OptionalDouble linkBandwidthBytesPerSecond() {
    return last.linkBandwidthBytesPerSecond();
  }

  @Override
  public void close() {
    try (first) {
      last.close();
    }
  }
}
