package io.solebox.engine.api;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.TensorCut;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which part of a graph runs on which device.
 *
 * @param stages in the order of the layers or of the ranks, at least one
 * @param form how they belong together
 * @param remarks for people: why it was cut like that
 * @param advice a sentence for those whom it does not fit, looked for when somebody asks; empty
 *     where there is nothing to say
 */
public record Placement(
    Graph graph, List<Stage> stages, Form form, List<String> remarks, Supplier<String> advice) {
  public Placement {
    stages = List.copyOf(stages);
    remarks = List.copyOf(remarks);
  }

  /** By layers, of which there is nothing to say. */
  public Placement(Graph graph, List<Stage> stages) {
    this(graph, stages, new Form.Layers(), List.of(), () -> "");
  }

  /** How the stages of a placement belong together. */
  public sealed interface Form {
    /** Each has some of the layers, and they compute one after the other. */
    record Layers() implements Form {}

    /** Each has a part of every layer, and they compute at once. */
    record Ranks(Team team) implements Form {}
  }

  /**
   * Some layers of a graph, or a rank of it, and where that runs.
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
    private String layers() {
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
    return new Placement(graph, own, form, remarks, advice);
  }

  /** The same cut of another reading of the same file. */
  Placement of(Graph other) {
    Placement same =
        switch (form) {
          case Form.Layers _ -> cut(other, slices());
          case Form.Ranks(Team team) ->
              ranks(other, stages.stream().map(Stage::device).toList(), team);
        };
    return same.saying(remarks, advice);
  }

  private List<Slice> slices() {
    return stages.stream().map(s -> new Slice(s.device(), s.graph().boundaries().size())).toList();
  }

  /** The same with other remarks and advice. */
  Placement saying(List<String> others, Supplier<String> sentence) {
    return new Placement(graph, stages, form, others, sentence);
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
            .map(stage -> part(stage) + " on " + stage.device().describe())
            .collect(Collectors.joining(", "));
  }

  /** What a stage has of the model, as in {@code layers 0 to 15}. */
  String part(Stage stage) {
    return switch (form) {
      case Form.Layers _ -> stage.layers();
      case Form.Ranks _ ->
          "part %d of %d of every layer".formatted(stages.indexOf(stage) + 1, stages.size());
    };
  }

  /** Everything on one device. */
  public static Placement whole(Graph graph, OpenDevice device) {
    return new Placement(graph, List.of(new Stage(device, graph)));
  }

  /**
   * A part of every layer on each of several devices of a team; the first has the head as well.
   *
   * @throws SoleboxException as {@link TensorCut#ranks}
   */
  public static Placement ranks(Graph graph, List<OpenDevice> devices, Team team) {
    List<Graph> ranks = TensorCut.ranks(graph, devices.size());
    var stages = new ArrayList<Stage>();
    for (int rank = 0; rank < devices.size(); rank++) {
      stages.add(new Stage(devices.get(rank), ranks.get(rank)));
    }
    return new Placement(graph, stages, new Form.Ranks(team), List.of(), () -> "");
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
