package io.solebox.engine.api;

import io.solebox.engine.api.Placement.Slice;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Cuts models between layers over several devices, some first layers on the CPU where that is
 * wished. A device that is lost is left out, and its layers are on the others.
 */
public final class LayerSplit implements Placement.Policy {
  private static final String ONE_AFTER_THE_OTHER =
      " A token goes from one to the next; parts of a prompt, and several requests, keep all at"
          + " work.";

  /** What has the layers before those of the devices. */
  private record Front(OpenDevice device, int lastLayers) {}

  private final List<OpenDevice> devices;
  private final List<Integer> shares;
  private final Optional<Front> front;

  private LayerSplit(List<OpenDevice> devices, List<Integer> shares, Optional<Front> front) {
    this.devices = List.copyOf(devices);
    this.shares = List.copyOf(shares);
    this.front = front;
  }

  /**
   * All layers on these devices.
   *
   * @param devices in the order of the layers, at least one
   * @param shares of the layers, one for each device; none for the device that says how fast its
   *     memory is, or has most of it
   */
  public static LayerSplit of(List<OpenDevice> devices, List<Integer> shares) {
    return new LayerSplit(devices, shares, Optional.empty());
  }

  /**
   * The same of the last layers alone.
   *
   * @param first has the others, or all where {@code lastLayers} is 0
   */
  public LayerSplit behind(OpenDevice first, int lastLayers) {
    return new LayerSplit(devices, shares, Optional.of(new Front(first, lastLayers)));
  }

  @Override
  public Placement place(Graph graph, Limits wished) {
    int layers = graph.boundaries().size();
    int ahead = front.map(f -> Math.max(0, layers - f.lastLayers())).orElse(0);
    if (ahead == layers) {
      return Placement.whole(graph, front.orElseThrow().device());
    }
    requireCut(graph, ahead);
    Present there = Present.of(devices, shares);
    return there.devices().size() == 1
        ? placed(graph, ahead, there.devices(), List.of(layers - ahead))
            .saying(there.lost(), () -> "")
        : spread(graph, ahead, there, wished);
  }

  private static void requireCut(Graph graph, int before) {
    int layer = graph.boundaries().get(before).layer();
    if (before > 0 && !graph.canCutBefore(layer)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--gpu-layers",
          "The model cannot be cut before layer %d: layers behind it use what layers before it made."
              .formatted(layer),
          "Use another number of layers.");
    }
  }

  private Placement spread(Graph graph, int ahead, Present there, Limits wished) {
    var search = new SplitSearch(graph, ahead, there.devices(), wished);
    if (search.pieces() < there.devices().size()) {
      throw tooFewLayers(search.pieces(), there.devices());
    }
    var remarks = new ArrayList<>(there.lost());
    if (there.shares().isEmpty()) {
      ToDoubleFunction<OpenDevice> weight = weight(there);
      remarks.add(
          "Split by layers in proportion to %s, as far as each has room.%s"
              .formatted(
                  there.bandwidths().isPresent() ? "memory bandwidth" : "free memory",
                  ONE_AFTER_THE_OTHER));
      return placed(graph, ahead, there.devices(), search.balanced(weight))
          .saying(remarks, () -> fewerLayers(graph, there, wished));
    }
    remarks.add("Split by layers, as --shares says." + ONE_AFTER_THE_OTHER);
    return placed(graph, ahead, there.devices(), search.shared(there.shares()))
        .saying(remarks, () -> otherShares(search, there));
  }

  /** Where not all layers fit: how many would, if the CPU had the others. */
  private String fewerLayers(Graph graph, Present there, Limits wished) {
    int layers = graph.boundaries().size();
    List<Integer> counts =
        IntStream.range(1, layers)
            .filter(n -> graph.canCutBefore(graph.boundaries().get(layers - n).layer()))
            .boxed()
            .toList();
    int fits = 0; // of the counts, which are in order
    int above = front.isPresent() ? 0 : counts.size();
    while (above > fits) {
      int middle = (fits + above) >>> 1;
      if (fit(graph, layers - counts.get(middle), there, wished)) {
        fits = middle + 1;
      } else {
        above = middle;
      }
    }
    return fits == 0
        ? ""
        : " Or leave some layers to the CPU: --gpu-layers " + counts.get(fits - 1) + ".";
  }

  private static boolean fit(Graph graph, int ahead, Present there, Limits wished) {
    var search = new SplitSearch(graph, ahead, there.devices(), wished);
    return search.fittingNow(weight(there)).isPresent();
  }

  private static String otherShares(SplitSearch search, Present there) {
    return search
        .fittingNow(weight(there))
        .map(fit -> String.join(",", fit.stream().map(String::valueOf).toList()))
        .map(words -> " It fits with --shares " + words + ", or without --shares.")
        .orElse("");
  }

  /** Whether all have room now for one longest sequence, whatever each gets. */
  boolean fitsNow(Graph graph, Limits wished) {
    return fit(graph, 0, Present.of(devices, shares), wished);
  }

  /** What decides how many bytes a device gets of those that all have. */
  private static ToDoubleFunction<OpenDevice> weight(Present there) {
    return there.bandwidths().isPresent()
        ? device -> device.backend().nominalBandwidth().getAsDouble()
        : device -> Math.max(1.0, device.freeBytes());
  }

  private Placement placed(Graph graph, int ahead, List<OpenDevice> there, List<Integer> layers) {
    var slices = new ArrayList<Slice>();
    front.ifPresent(f -> slices.add(new Slice(f.device(), ahead)));
    for (int i = 0; i < there.size(); i++) {
      slices.add(new Slice(there.get(i), layers.get(i)));
    }
    return Placement.cut(graph, slices);
  }

  private static SoleboxException tooFewLayers(int pieces, List<OpenDevice> devices) {
    List<String> names = devices.stream().limit(pieces).map(OpenDevice::name).toList();
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "--device",
        "The layers of the model can be cut in %d parts at most, and %d devices are to have some."
            .formatted(pieces, devices.size()),
        "Name " + pieces + " of them: " + String.join(" and ", names) + ".");
  }
}
