package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Placement;
import io.solebox.engine.api.SplitChoice;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which way of splitting is chosen, and what is said of it. */
class SplitChoiceTest {
  private static final Limits LIMITS =
      new Limits(96, 32, 2, 4, 96, KvType.F32, Activations.AUTO, Long.MAX_VALUE);
  private static final LinkFigures FAST = new LinkFigures(50e9, 1e-9, LinkFigures.Origin.MEASURED);
  private static final LinkFigures SLOW = new LinkFigures(1e9, 1e-3, LinkFigures.Origin.SAID);

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void close() {
    arena.close();
  }

  private Placement chosen(ToyCards cards, Optional<LinkFigures> link) {
    Graph graph =
        TinyTransformer.graph(new TinyTransformer.Sizes(64, 4, 256, 8, 4, 128, 1024), arena);
    return SplitChoice.of(cards.devices(), members -> cards.together(members, link))
        .place(graph, LIMITS);
  }

  @Test
  void theChoiceIsByWhatATokenIsExpectedToTake() {
    Placement fast = chosen(ToyCards.of(2), Optional.of(FAST));
    assertTrue(TensorSplitTest.isTensor(fast), "" + fast.remarks());
    TensorSplitTest.assertSays("links were measured to give 50.0 GB/s", fast);
    Placement slow = chosen(ToyCards.of(2), Optional.of(SLOW));
    assertTrue(!TensorSplitTest.isTensor(slow));
    TensorSplitTest.assertSays("links are said to give 1.0 GB/s", slow);
  }

  @Test
  void whereNobodyCanTellItIsByLayers() {
    Placement unmeasured = chosen(ToyCards.of(2), Optional.empty());
    assertTrue(!TensorSplitTest.isTensor(unmeasured));
    TensorSplitTest.assertSays(
        "nobody says how fast the links between the devices are", unmeasured);
    ToyCards mute = new ToyCards().and(2, ToyCards.PLENTY, OptionalDouble.empty());
    Placement silent = chosen(mute, Optional.of(FAST));
    TensorSplitTest.assertSays("nobody says how fast the memory of all is", silent);
    Placement three = chosen(ToyCards.of(3), Optional.of(FAST));
    assertTrue(!TensorSplitTest.isTensor(three));
    TensorSplitTest.assertSays("Not split inside the layers: 8 query heads", three);
  }
}
