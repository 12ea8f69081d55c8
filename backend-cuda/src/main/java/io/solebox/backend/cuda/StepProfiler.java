package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Graph;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.StepProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures where the time of a decode step goes: the nodes of each kind by themselves, those of all
 * layers back to back, so that weights come from memory and not from a cache; and the host's share.
 */
final class StepProfiler {
  private static final int MOST_HOST_REPETITIONS = 51;
  private static final int LEAST_HOST_REPETITIONS = 3;

  /** What the host's repetitions may take together, unless they would be too few. */
  private static final double HOST_MICROS = 5e5;

  private static final double NANOS_PER_MICRO = 1e3;

  private final CudaThread gpu;
  private final Stream stream;
  private final Launches launches;

  /** What is captured and measured. */
  interface Work {
    void enqueue();
  }

  /** A kind of node: how one is launched, and what all of them read. */
  record Kind(List<Work> nodes, long bytes) {}

  StepProfiler(CudaThread gpu, Stream stream, Launches launches) {
    this.gpu = gpu;
    this.stream = stream;
    this.launches = launches;
  }

  /**
   * @param step the whole of it, copies included
   * @param kinds by name, in the order in which they begin
   */
  StepProfile profile(Work step, Map<String, Kind> kinds) {
    boolean overlaps = launches.overlap();
    var phases = new ArrayList<StepProfile.Phase>();
    try {
      double stepMicros = gpu.call(() -> micros(List.of(step)).perRun());
      kinds.forEach(
          (name, kind) -> {
            Measured usual = gpu.call(() -> micros(kind.nodes()));
            OptionalDouble apart = OptionalDouble.empty();
            if (overlaps && usual.launches() > 1) {
              launches.setOverlap(false);
              apart = OptionalDouble.of(gpu.call(() -> micros(kind.nodes())).perLaunch());
              launches.setOverlap(true);
            }
            phases.add(
                new StepProfile.Phase(
                    name, usual.launches(), kind.bytes(), usual.perLaunch(), apart));
          });
      return new StepProfile(stepMicros, phases, Optional.of(host(step, stepMicros)));
    } finally {
      launches.setOverlap(overlaps);
    }
  }

  private record Measured(int launches, double perRun) {
    double perLaunch() {
      return perRun / Math.max(1, launches);
    }
  }

  /** Of a graph of this work, by marks in the stream. */
  private Measured micros(List<Work> work) {
    int before = launches.count();
    double micros = new GraphTimer(gpu, stream).micros(() -> enqueue(work));
    return new Measured(launches.count() - before, micros);
  }

  private void enqueue(List<Work> work) {
    launches.begin();
    work.forEach(Work::enqueue);
    launches.begin();
  }

  /** The times at which a step goes from hand to hand. */
  private StepProfile.Host host(Work step, double stepMicros) {
    int repetitions =
        (int) Math.clamp(HOST_MICROS / stepMicros, LEAST_HOST_REPETITIONS, MOST_HOST_REPETITIONS);
    var times = new double[4][repetitions];
    long expected = (long) (stepMicros * NANOS_PER_MICRO);
    Graph graph = gpu.call(() -> stream.capture(() -> enqueue(List.of(step))));
    try {
      for (int i = 0; i < repetitions; i++) {
        var at = new long[5];
        at[0] = System.nanoTime();
        gpu.run(
            () -> {
              at[1] = System.nanoTime();
              stream.launch(graph);
              at[2] = System.nanoTime();
              stream.synchronize(expected);
              at[3] = System.nanoTime();
            },
            expected);
        at[4] = System.nanoTime();
        for (int part = 0; part < times.length; part++) {
          times[part][i] = (at[part + 1] - at[part]) / NANOS_PER_MICRO;
        }
      }
    } finally {
      gpu.run(graph::close);
    }
    return new StepProfile.Host(
        Median.of(times[0]), Median.of(times[1]), Median.of(times[2]), Median.of(times[3]));
  }

  /** The nodes of a plan by kind; {@code launch} launches one. */
  static Map<String, Kind> kinds(Footprint footprint, int position, NodeWork launch) {
    var kinds = new LinkedHashMap<String, Kind>();
    for (Node node : footprint.nodes()) {
      long bytes = NodeKind.bytes(node, footprint, position);
      kinds.merge(
          NodeKind.of(node),
          new Kind(List.of(() -> launch.enqueue(node)), bytes),
          StepProfiler::joined);
    }
    return kinds;
  }

  /** How a node is launched. */
  interface NodeWork {
    void enqueue(Node node);
  }

  private static Kind joined(Kind a, Kind b) {
    var nodes = new ArrayList<>(a.nodes());
    nodes.addAll(b.nodes());
    return new Kind(nodes, a.bytes() + b.bytes());
  }
}
