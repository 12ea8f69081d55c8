package io.solebox.backend.cuda;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LayerSplit;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Split;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What loads really allocate of cards: those of a driver that counts. */
public final class FakeCards {
  private FakeCards() {}

  /**
   * Bytes that a load allocates on each of several cards.
   *
   * @param cards how many
   * @param bytes of each card's memory
   * @param split layers or tensor
   */
  public static List<Long> allocated(
      int cards, long bytes, Split split, Path file, LoadOptions options) {
    FakeGpu[] gpus =
        Stream.generate(() -> FakeGpu.ampere().withMemory(bytes))
            .limit(cards)
            .toArray(FakeGpu[]::new);
    try (var driver = new FakeDriver(gpus);
        Engine engine = engine(driver, cards, split)) {
      List<Long> before = used(driver, cards);
      try (var _ = engine.load(file, options, Progress.none())) {
        List<Long> after = used(driver, cards);
        return IntStream.range(0, cards).mapToObj(i -> after.get(i) - before.get(i)).toList();
      }
    }
  }

  private static Engine engine(FakeDriver driver, int cards, Split split) {
    List<OpenDevice> devices =
        IntStream.range(0, cards)
            .mapToObj(
                i ->
                    new OpenDevice(
                        "cuda:" + i,
                        FakeProviders.open(driver, i),
                        new MemoryLedger("cuda:" + i, Long.MAX_VALUE)))
            .toList();
    return Engine.of(
        "fake cards",
        devices,
        switch (split) {
          case TENSOR -> TensorSplit.of(devices, new CudaBackendProvider(driver::lookup)::team);
          case LAYERS, AUTO -> LayerSplit.of(devices, List.of());
        });
  }

  private static List<Long> used(FakeDriver driver, int cards) {
    return IntStream.range(0, cards).mapToObj(driver::usedBytes).toList();
  }

  /**
   * What is reckoned and not allocated here: code and graphs, which only a real driver keeps, and
   * places for more cards than there are.
   *
   * @param graph of a stage, or of a rank
   */
  public static long spareBytes(int cards, Graph graph, Limits limits) {
    SumRoom sums = SumRoom.of(graph, limits);
    long places = sums.slotBytes() == 0 ? 0 : (SumRoom.MOST_RANKS - cards) * sums.placeBytes();
    long crossings =
        graph
            .takes()
            .map(
                v ->
                    (Footprint.MOST_CROSSINGS - cards)
                        * Float.BYTES
                        * v.width()
                        * (long) limits.maxStepTokens())
            .orElse(0L);
    return GraphMemory.bytes(Lowering.lower(graph)) + places + crossings;
  }
}
