package io.solebox.app.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tokens of a text are scored. */
class ChunksTest {
  private static final OptionalInt NONE = OptionalInt.empty();

  private static Chunks chunks(int ids, OptionalInt begin, int context, OptionalInt stride) {
    return Chunks.of(
        IntStream.range(100, 100 + ids).toArray(), begin, new Chunks.Wish(context, stride, NONE));
  }

  @Test
  void withoutAStrideTheSecondHalfOfEachIsScored() {
    Chunks chunks = chunks(27, NONE, 8, NONE);
    assertEquals(3, chunks.count());
    assertEquals(3, chunks.leftOut());
    assertEquals(9, chunks.scored());
    // llama.cpp's rows 4, 5 and 6 of a context of 8 foretell the ids 5, 6 and 7.
    Chunks.Chunk second = chunks.get(1);
    assertEquals(5, second.from());
    assertArrayEquals(IntStream.range(108, 116).toArray(), second.ids());
  }

  @Test
  void theBeginTokenStandsInPlaceOfTheFirstIdOfEach() {
    Chunks chunks = chunks(16, OptionalInt.of(1), 8, NONE);
    assertEquals(17, chunks.tokens());
    assertEquals(1, chunks.leftOut());
    assertArrayEquals(new int[] {1, 100, 101, 102, 103, 104, 105, 106}, chunks.get(0).ids());
    assertArrayEquals(
        new int[] {1, 108, 109, 110, 111, 112, 113, 114}, chunks.get(chunks.count() - 1).ids());
  }

  @Test
  void withAStrideEachTokenBehindTheFirstContextIsScoredOnce() {
    Chunks chunks = chunks(50, NONE, 10, OptionalInt.of(4));
    var scored = new BitSet();
    for (int c = 0; c < chunks.count(); c++) {
      Chunks.Chunk chunk = chunks.get(c);
      for (int i = chunk.from(); i < chunk.ids().length; i++) {
        int place = chunk.ids()[i] - 100;
        assertEquals(false, scored.get(place), "twice: " + place);
        scored.set(place);
      }
    }
    assertEquals(6, scored.nextSetBit(0));
    assertEquals(50, scored.nextClearBit(6));
    assertEquals(0, chunks.leftOut());
  }

  @Test
  void aShortTextIsOneChunkAndOneTokenIsNothingToScore() {
    Chunks two = chunks(2, NONE, 512, NONE);
    assertEquals(1, two.scored());
    assertEquals(1, two.get(0).from());
    assertEquals(3, chunks(7, NONE, 512, NONE).scored());
    assertEquals(1, chunks(2, NONE, 512, OptionalInt.of(500)).scored());
    for (int ids = 0; ids < 2; ids++) {
      int n = ids;
      var refused = assertThrows(SoleboxException.class, () -> chunks(n, NONE, 512, NONE));
      assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    }
  }

  @Test
  void onlySoManyAreTaken() {
    int[] ids = IntStream.range(0, 100).toArray();
    Chunks chunks = Chunks.of(ids, NONE, new Chunks.Wish(10, NONE, OptionalInt.of(3)));
    assertEquals(3, chunks.count());
    assertEquals(70, chunks.leftOut());
  }
}
