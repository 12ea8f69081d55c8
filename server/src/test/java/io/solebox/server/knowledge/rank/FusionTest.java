package io.solebox.server.knowledge.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static List<Long> ids(List<Ranked> ranked) {
    return ranked.stream().map(Ranked::id).toList();
  }

  @Test
  void whatBothFindGoesBeforeWhatOneFinds() {
    List<Ranked> fused = Fusion.EVEN.fuse(List.of(1L, 2L, 3L), List.of(4L, 3L, 5L));
    assertEquals(List.of(3L, 1L, 4L, 2L, 5L), ids(fused));
    assertEquals(0.5, fused.get(1).score());
  }

  @Test
  void scoresAreFromNoneToOne() {
    assertEquals(List.of(new Ranked(7, 1)), new Fusion(0.3, 0.9).fuse(List.of(7L), List.of(7L)));
    for (Ranked each : new Fusion(3, 0.1).fuse(List.of(1L, 2L), List.of(2L, 3L))) {
      assertTrue(each.score() > 0 && each.score() < 1, each::toString);
    }
    assertEquals(List.of(), Fusion.EVEN.fuse(List.of(), List.of()));
  }

  @Test
  void weightsSayWhichListCounts() {
    List<Long> meaning = List.of(1L, 2L);
    List<Long> words = List.of(3L, 2L);
    assertEquals(List.of(1L, 2L), ids(new Fusion(1, 0).fuse(meaning, words)));
    assertEquals(List.of(3L, 2L), ids(new Fusion(0, 1).fuse(meaning, words)));
    assertEquals(List.of(2L, 3L, 1L), ids(new Fusion(1, 2).fuse(meaning, words)));
  }

  @Test
  void refusesWeightsThatSayNothing() {
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(SoleboxException.class, () -> new Fusion(wrong, 1));
      assertThrows(SoleboxException.class, () -> new Fusion(1, wrong));
    }
    assertThrows(SoleboxException.class, () -> new Fusion(0, 0));
  }

  @Test
  void searchesThatCountNothingDoNotRun() {
    List<Long> some = List.of(1L, 2L);
    assertEquals(some, ids(new Fusion(1, 0).fuse(() -> some, FusionTest::unwanted)));
    assertEquals(some, ids(new Fusion(0, 1).fuse(FusionTest::unwanted, () -> some)));
    assertEquals(some, ids(Fusion.EVEN.fuse(() -> some, () -> some)));
  }

  @Test
  void whatIsWrongWithOneIsHeard() {
    SoleboxException wrong = assertThrows(SoleboxException.class, FusionTest::unwanted);
    for (Fusion each : List.of(Fusion.EVEN, new Fusion(0, 1))) {
      SoleboxException heard =
          assertThrows(
              SoleboxException.class, () -> each.fuse(() -> List.of(1L), FusionTest::unwanted));
      assertEquals(wrong.getMessage(), heard.getMessage());
    }
  }

  private static List<Long> unwanted() {
    throw new SoleboxException(ErrorCode.INVALID_PARAMETER, "query", "Too long.", "Shorten it.");
  }
}
