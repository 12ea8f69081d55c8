package io.solebox.engine.api;

import io.solebox.engine.api.Placement.Slice;
import io.solebox.engine.api.Placement.Stage;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.SequenceRoom;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Looks for the layers that each of several devices gets. A graph can be cut into pieces; what a
 * few of them take together is guessed from what each takes alone, and what is found is held to
 * what it takes as a whole.
 */
final class SplitSearch {
  /** For how much of the cache there is to be room. */
  private enum Room {
    WISHED,
    LEAST
  }

  private final Graph graph;
  private final List<OpenDevice> devices;
  private final Limits wished;
  private final List<Integer> starts = new ArrayList<>(); // of pieces, and the end of the last
  private final double[] bytes; // of each piece, with the least cache

  /**
   * @param graph that can be cut before {@code first}
   * @param first of the layers that are to be spread
   * @param wished as {@link Placement.Policy#place} has it
   */
  SplitSearch(Graph graph, int first, List<OpenDevice> devices, Limits wished) {
    this.graph = graph;
    this.devices = devices;
    this.wished = wished;
    int layers = graph.boundaries().size();
    for (int b = first; b < layers; b++) {
      if (b == first || graph.canCutBefore(graph.boundaries().get(b).layer())) {
        starts.add(b);
      }
    }
    starts.add(layers);
    bytes = new double[pieces()];
    for (int p = 0; p < pieces(); p++) {
      bytes[p] = withoutScratch(devices.getFirst(), p, p + 1, Room.LEAST);
    }
  }

  /** Parts that it can be cut in at most. */
  int pieces() {
    return starts.size() - 1;
  }

  /**
   * Layers of each device, in proportion to {@code shares}, whether they fit or not.
   *
   * @param shares of the devices
   */
  List<Integer> shared(List<Integer> shares) {
    double[] layers = new double[pieces()];
    for (int p = 0; p < pieces(); p++) {
      layers[p] = starts.get(p + 1) - starts.get(p);
    }
    double[] weights = shares.stream().mapToDouble(Integer::doubleValue).toArray();
    return layers(Cuts.best(layers, weights, (_, _, _) -> true).orElseThrow());
  }

  /**
   * Layers of each device, so that bytes are in proportion to {@code weight} as far as memory lets
   * them: all of the wished cache at best, else that of one longest sequence; where even that does
   * not fit now, what would fit without other models.
   */
  List<Integer> balanced(ToDoubleFunction<OpenDevice> weight) {
    ToLongFunction<OpenDevice> whole = device -> device.memory().capacityBytes();
    return fitting(weight, OpenDevice::freeBytes, Room.WISHED)
        .or(() -> fitting(weight, OpenDevice::freeBytes, Room.LEAST))
        .or(() -> fitting(weight, whole, Room.LEAST))
        .orElseGet(() -> layers(best(device -> Math.max(1.0, device.freeBytes()))));
  }

  /** The same where it fits now. */
  Optional<List<Integer>> fittingNow(ToDoubleFunction<OpenDevice> weight) {
    return fitting(weight, OpenDevice::freeBytes, Room.LEAST);
  }

  private List<Integer> best(ToDoubleFunction<OpenDevice> weight) {
    return Cuts.best(bytes, weights(weight), (_, _, _) -> true).orElseThrow();
  }

  private double[] weights(ToDoubleFunction<OpenDevice> weight) {
    return devices.stream().mapToDouble(weight).toArray();
  }

  private Optional<List<Integer>> fitting(
      ToDoubleFunction<OpenDevice> weight, ToLongFunction<OpenDevice> memory, Room room) {
    double[] weights = weights(weight);
    long[] free = devices.stream().mapToLong(memory).toArray();
    int[][] tooMany = guesses(free, room);
    Cuts.Fits fits = (d, from, to) -> to < tooMany[d][from];
    Optional<List<Integer>> cut = Cuts.best(bytes, weights, fits);
    while (cut.isPresent() && !fits(cut.get(), free, tooMany, room)) {
      cut = Cuts.best(bytes, weights, fits); // among fewer every time
    }
    return cut.map(this::layers);
  }

  /**
   * For each device and first piece the end of as many as it cannot have, if together they take
   * what each takes alone; scratch is not counted.
   */
  private int[][] guesses(long[] free, Room room) {
    double[] own = new double[pieces()];
    for (int p = 0; p < pieces(); p++) {
      own[p] = withoutScratch(devices.getFirst(), p, p + 1, room);
    }
    int[][] tooMany = new int[free.length][pieces()];
    for (int d = 0; d < free.length; d++) {
      for (int from = 0; from < pieces(); from++) {
        double all = 0;
        int to = from;
        while (all <= free[d] && to < pieces()) {
          all += own[to++];
        }
        tooMany[d][from] = all > free[d] ? to : pieces() + 1;
      }
    }
    return tooMany;
  }

  /** Whether a cut fits as a whole; where a device has too much, that and more is too much. */
  private boolean fits(List<Integer> cut, long[] free, int[][] tooMany, Room room) {
    boolean fits = true;
    int from = 0;
    for (int d = 0; d < free.length; d++) {
      int to = from + cut.get(d);
      if (use(devices.get(d), starts.get(from), starts.get(to), room).total() > free[d]) {
        fits = false;
        for (int earlier = 0; earlier <= from; earlier++) {
          tooMany[d][earlier] = Math.min(tooMany[d][earlier], to);
        }
      }
      from = to;
    }
    return fits;
  }

  private double withoutScratch(OpenDevice device, int from, int to, Room room) {
    MemoryUse use = use(device, starts.get(from), starts.get(to), room);
    return (double) use.total() - use.scratchBytes();
  }

  /** Of layers {@code from} to {@code to}, exclusive, on a device. */
  private MemoryUse use(OpenDevice device, int from, int to, Room room) {
    int layers = graph.boundaries().size();
    var slices =
        List.of(
            new Slice(device, from), new Slice(device, to - from), new Slice(device, layers - to));
    Placement cut = Placement.cut(graph, slices);
    Stage stage = cut.stages().get(from == 0 ? 0 : 1).transcoded(wished.activations());
    Estimate estimate = device.backend().estimate(stage.graph(), wished);
    return KvPools.use(graph.groups(), estimate, wished, tokens(room));
  }

  private SequenceRoom tokens(Room room) {
    return switch (room) {
      case WISHED -> SequenceRoom.wished(wished);
      case LEAST -> SequenceRoom.least(wished);
    };
  }

  private List<Integer> layers(List<Integer> cut) {
    var layers = new ArrayList<Integer>();
    int from = 0;
    for (int pieces : cut) {
      layers.add(starts.get(from + pieces) - starts.get(from));
      from += pieces;
    }
    return List.copyOf(layers);
  }
}
