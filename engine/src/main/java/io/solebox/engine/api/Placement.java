package io.solebox.engine.api;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.List;

/**
 * Which part of a graph runs on which device.
 *
 * @param stages in the order of the layers, at least one
 */
public record Placement(Graph graph, List<Stage> stages) {
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
  }

  /** Places the graphs of an engine's models. */
  public interface Policy {
    /**
     * @throws SoleboxException {@code INVALID_PARAMETER} for a graph that cannot be cut like that
     */
    Placement place(Graph graph);
  }

  /** The same with weights in formats that each device has kernels for. */
  Placement transcoded(Activations activations) {
    return new Placement(graph, stages.stream().map(s -> s.transcoded(activations)).toList());
  }

  /** Of all stages; what is true of several is said once. */
  List<String> notes() {
    return stages.stream().flatMap(stage -> stage.notes().stream()).distinct().toList();
  }

  /** Everything on one device. */
  public static Placement whole(Graph graph, OpenDevice device) {
    return new Placement(graph, List.of(new Stage(device, graph)));
  }

  /**
   * The first layers on one device, the last ones, with the head, on another.
   *
   * @param lastLayers layers on {@code last}, which has all if there are no more
   */
  public static Placement split(Graph graph, OpenDevice first, OpenDevice last, int lastLayers) {
    int layers = graph.boundaries().size();
    if (lastLayers >= layers) {
      return whole(graph, last);
    }
    if (lastLayers == 0) {
      return whole(graph, first);
    }
    int layer = graph.boundaries().get(layers - lastLayers).layer();
    if (!graph.canCutBefore(layer)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--gpu-layers",
          "The model cannot be cut before layer %d: layers behind it use what layers before it made."
              .formatted(layer),
          "Use another number of layers.");
    }
    Graph.Stages cut = graph.cutBefore(layer);
    return new Placement(
        graph, List.of(new Stage(first, cut.first()), new Stage(last, cut.second())));
  }
}
