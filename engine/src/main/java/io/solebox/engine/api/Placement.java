package io.solebox.engine.api;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which part of a graph runs on which device.
 *
 * @param stages in the order of the layers, at least one
 * @param remarks for people: why it was cut like that
 * @param advice a sentence for those whom it does not fit, looked for when somebody asks; empty
 *     where there is nothing to say
 */
public record Placement(
    Graph graph, List<Stage> stages, List<String> remarks, Supplier<String> advice) {
  public Placement {
    stages = List.copyOf(stages);
    remarks = List.copyOf(remarks);
  }

  /** Of which there is nothing to say. */
  public Placement(Graph graph, List<Stage> stages) {
    this(graph, stages, List.of(), () -> "");
  }

  /**
   * Some layers of a graph, and where they run.
   *
   * @param notes for people: weights that the device takes in another format than the file's
   */
  public record Stage(OpenDevice device, Graph graph, List<String> notes) {
    public Stage(OpenDevice device, Graph graph) {
      this(device, graph, List.of());
    }

    Stage transcoded(Activations activations) {
      Transcoding weights = Transcoding.of(graph, device.backend(), activations);
      return new Stage(device, weights.graph(), weights.notes());
    }

    /** As in {@code layers 0 to 15}. */
    String layers() {
      int first = graph.boundaries().getFirst().layer();
      int last = graph.boundaries().getLast().layer();
      return first == last ? "layer " + first : "layers %d to %d".formatted(first, last);
    }
  }

  /**
   * How many layers a device gets.
   *
   * @param layers none for a device that is left out
   */
  public record Slice(OpenDevice device, int layers) {}

  /** Places the graphs of an engine's models. */
  public interface Policy {
    /**
     * @param wished what a plan of the graph is to hold; of each device, its memory is what is free
     * @throws SoleboxException {@code INVALID_PARAMETER} for a graph that cannot be cut like that
     */
    Placement place(Graph graph, Limits wished);
  }

  /** The same with weights in formats that each device has kernels for. */
  Placement transcoded(Activations activations) {
    List<Stage> own = stages.stream().map(s -> s.transcoded(activations)).toList();
    return new Placement(graph, own, remarks, advice);
  }

  /** The same cut of another reading of the same file. */
  Placement of(Graph other) {
    List<Slice> slices =
        stages.stream().map(s -> new Slice(s.device(), s.graph().boundaries().size())).toList();
    return cut(other, slices).saying(remarks, advice);
  }

  /** The same with other remarks and advice. */
  Placement saying(List<String> others, Supplier<String> sentence) {
    return new Placement(graph, stages, others, sentence);
  }

  /** Of all stages; what is true of several is said once. */
  List<String> notes() {
    return Stream.concat(remarks.stream(), stages.stream().flatMap(stage -> stage.notes().stream()))
        .distinct()
        .toList();
  }

  /** What computes, for people. */
  String describe() {
    return stages.size() == 1
        ? stages.getFirst().device().backend().describe()
        : stages.stream()
            .map(stage -> stage.layers() + " on " + stage.device().describe())
            .collect(Collectors.joining(", "));
  }

  /** Everything on one device. */
  public static Placement whole(Graph graph, OpenDevice device) {
    return new Placement(graph, List.of(new Stage(device, graph)));
  }

  /**
   * So many layers on each of several devices: the first, with the embedding, on the first one, the
   * last, with the head, on the last one.
   *
   * @param slices of all layers together
   * @throws IllegalArgumentException where the graph cannot be cut there
   */
  public static Placement cut(Graph graph, List<Slice> slices) {
    var stages = new ArrayList<Stage>();
    Graph rest = graph;
    for (Slice slice : slices) {
      int layers = rest.boundaries().size();
      if (slice.layers() == layers) {
        stages.add(new Stage(slice.device(), rest));
        return new Placement(graph, stages);
      }
      if (slice.layers() > 0) {
        Graph.Stages cut = rest.cutBefore(rest.boundaries().get(slice.layers()).layer());
        stages.add(new Stage(slice.device(), cut.first()));
        rest = cut.second();
      }
    }
    throw new IllegalArgumentException(rest.boundaries().size() + " layers are nobody's");
  }
}
