package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.KeepGroup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartTest {
  private static final List<KeepGroup> GROUPS =
      List.of(new KeepGroup(0, OptionalInt.empty()), new KeepGroup(1, OptionalInt.of(20)));

  /** A batch in which sequence s has {@code tokens[s]} tokens from position {@code from[s]} on. */
  private static Batch batch(int[] tokens, int[] from, List<RowRequest> rows) {
    int[] sequenceOf =
        IntStream.range(0, tokens.length)
            .flatMap(s -> IntStream.range(0, tokens[s]).map(_ -> s))
            .toArray();
    int[] positions =
        IntStream.range(0, tokens.length)
            .flatMap(s -> IntStream.range(0, tokens[s]).map(i -> from[s] + i))
            .toArray();
    int[] ids = IntStream.range(0, sequenceOf.length).map(t -> 100 + t).toArray();
    var sequences =
        IntStream.range(0, tokens.length)
            .mapToObj(s -> new Batch.Sequence(tables(s), 30 + s, 5 + s))
            .toList();
    return new Batch(ids, positions, sequenceOf, sequences, rows, new Batch.Input.Tokens());
  }

  /** Of a group that sees all, and of one whose first block has been given back. */
  private static int[][] tables(int s) {
    return new int[][] {{3 * s, 3 * s + 1, 3 * s + 2, 39}, {-1, 3 * s + 12, 3 * s + 13, 39}};
  }

  /**
   * @param isRich whether sequences have recurrent state, and may use adapters
   */
  private static StepInput input(boolean seesAhead, boolean isRich) {
    return new StepInput(64, 64, 12, 4, GROUPS.size(), seesAhead, isRich, isRich);
  }

  @Test
  void singleTokensDecodeAndChunksArePrefilled() {
    var rows = List.<RowRequest>of(new RowRequest.Logits(0), new RowRequest.Logits(21));
    Batch batch = batch(new int[] {1, 20, 1}, new int[] {50, 0, 7}, rows);
    List<Part> parts = Part.of(batch);
    assertEquals(2, parts.size());
    Part decode = parts.getFirst();
    assertTrue(decode.isDecode());
    assertArrayEquals(new int[] {0, 21}, decode.tokens());
    assertArrayEquals(new int[] {0, 2}, decode.sequences());
    assertEquals(
        List.of(new Part.Row(0, 0, rows.get(0)), new Part.Row(1, 1, rows.get(1))), decode.rows());
    Part prefill = parts.getLast();
    assertFalse(prefill.isDecode());
    assertArrayEquals(IntStream.rangeClosed(1, 20).toArray(), prefill.tokens());
    assertTrue(prefill.rows().isEmpty());
  }

  @Test
  void manySingleTokensDecodeInGroups() {
    int[] ones = IntStream.generate(() -> 1).limit(67).toArray();
    List<Part> parts = Part.of(batch(ones, new int[67], List.of()));
    assertEquals(2, parts.size());
    assertArrayEquals(IntStream.range(0, 64).toArray(), parts.get(0).tokens());
    assertArrayEquals(new int[] {64, 65, 66}, parts.get(1).tokens());
    assertTrue(parts.stream().allMatch(Part::isDecode));
  }

  @Test
  void aShortChunkReadsTheWeightsAsADecodeBatchDoes() {
    List<Part> parts = Part.of(batch(new int[] {5, 3}, new int[2], List.of()));
    assertEquals(1, parts.size());
    assertTrue(parts.getFirst().isDecode());
  }

  @Test
  void severalRequestsForOneTokenKeepTheirSlots() {
    var rows =
        List.<RowRequest>of(
            new RowRequest.Logits(0), new RowRequest.Hidden(0), new RowRequest.Logits(1));
    Part part = Part.of(batch(new int[] {1, 1}, new int[2], rows)).getFirst();
    assertEquals(List.of(0, 0, 1), part.rows().stream().map(Part.Row::token).toList());
    assertEquals(List.of(0, 1, 2), part.rows().stream().map(Part.Row::slot).toList());
  }

  @Test
  void inputIsPaddedWithTokensThatNobodyReads() {
    StepInput input = input(false, false);
    Batch batch =
        batch(new int[] {1, 1, 1}, new int[] {64, 0, 99}, List.of(new RowRequest.Logits(2)));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(input.bytes(), 256);
      memory.fill((byte) -1);
      Part part = Part.of(batch).getFirst();
      input.write(part, batch, 4, 4, memory);
      assertArrayEquals(new int[] {100, 101, 102, 0}, ints(memory, input.idsAt(), 4));
      assertArrayEquals(new int[] {64, 0, 99, -1}, ints(memory, input.positionsAt(), 4));
      assertArrayEquals(new int[] {0, 1, 2, 0}, ints(memory, input.sequencesAt(), 4));
      assertArrayEquals(new int[] {2, 0, 0, 0}, ints(memory, input.rowsAt(), 4));
    }
  }

  @Test
  void tablesHaveTheBlocksThatAreSeen() {
    StepInput input = input(false, false);
    Batch batch = batch(new int[] {1, 1}, new int[] {64, 60}, List.of());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(input.bytes(), 256);
      memory.fill((byte) -1);
      Part part = Part.of(batch).getFirst();
      assertTrue(input.writeTables(part, batch, GROUPS, memory));
      assertFalse(input.writeTables(part, batch, GROUPS, memory), "nothing changed since");
      int[] all = {0, 1, 2, -1, 3, 4, -1, -1};
      assertArrayEquals(all, ints(memory, input.tablesAt(0), 8));
      int[] window = {-1, 12, 13, -1, -1, 15, -1, -1};
      assertArrayEquals(window, ints(memory, input.tablesAt(1), 8));
    }
  }

  @Test
  void whatOnlySomeGraphsNeedIsThereForThose() {
    assertEquals(input(false, false).spansAt(), Places.align(input(false, false).lastsAt()));
    StepInput input = input(true, true);
    Batch batch = batch(new int[] {3, 1}, new int[] {4, 9}, List.of());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(input.bytes(), 256);
      for (Part part : Part.of(batch)) {
        input.write(part, batch, part.tokens().length, 0, memory);
        boolean single = part.tokens().length == 1;
        int[] lasts = single ? new int[] {9} : new int[] {6, 6, 6};
        assertArrayEquals(lasts, ints(memory, input.lastsAt(), lasts.length));
        assertArrayEquals(new int[] {single ? 31 : 30}, ints(memory, input.slotsAt(), 1));
        int[] variants = single ? new int[] {6} : new int[] {5, 5, 5};
        assertArrayEquals(variants, ints(memory, input.variantsAt(), variants.length));
      }
    }
  }

  @Test
  void spansEndWithTheirSequence() {
    StepInput input = input(false, false);
    Batch batch = batch(new int[] {3, 1, 60}, new int[] {30, 5, 0}, List.of());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(input.bytes(), 256);
      Part part = Part.of(batch).getLast();
      input.writeSpans(part, batch, memory);
      assertEquals(2, input.countSpans(part, batch));
      assertArrayEquals(new int[] {0, 3, 33, 3, 60, 60}, ints(memory, input.spansAt(), 6));
    }
  }

  @Test
  void bucketsArePowersOfTwo() {
    int[] expected = {1, 2, 4, 4, 8, 8, 8, 8, 16};
    for (int n = 1; n <= expected.length; n++) {
      assertEquals(expected[n - 1], DecodeBatch.bucket(n), n + " tokens");
    }
  }

  private static int[] ints(MemorySegment memory, long at, int n) {
    return memory.asSlice(at, 4L * n).toArray(ValueLayout.JAVA_INT);
  }
}
