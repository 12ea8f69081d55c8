package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Graph;
import io.solebox.backend.cuda.driver.Stream;

/** Times work that is captured as a graph, by marks in its stream. Used on the GPU's thread. */
record GraphTimer(CudaThread gpu, Stream stream) {
  private static final int MOST_REPETITIONS = 20;

  /** Beside it, what comes before the first launch and behind the last is nothing. */
  private static final double ENOUGH_MICROS = 1e5;

  private static final double MICROS_PER_MILLI = 1e3;

  /**
   * What {@code work} launches takes in microseconds, once: the mean of up to 20 times, of as many
   * as take 0.1 seconds.
   */
  double micros(Runnable work) {
    try (Graph graph = stream.capture(work);
        Event begin = Event.create(gpu);
        Event end = Event.create(gpu)) {
      double once = micros(graph, 1, begin, end); // also for caches and clocks
      int repetitions = (int) Math.clamp(ENOUGH_MICROS / once, 1, MOST_REPETITIONS);
      return micros(graph, repetitions, begin, end);
    }
  }

  private double micros(Graph graph, int repetitions, Event begin, Event end) {
    stream.record(begin);
    for (int i = 0; i < repetitions; i++) {
      stream.launch(graph);
    }
    stream.record(end);
    stream.synchronize();
    return end.millisSince(begin) * MICROS_PER_MILLI / repetitions;
  }
}
