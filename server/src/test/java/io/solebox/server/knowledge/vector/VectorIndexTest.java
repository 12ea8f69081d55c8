package io.solebox.server.knowledge.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class VectorIndexTest {
  private static final int DIMENSION = 24;

  private final Random random = new Random(7);

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    double squares = 0;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  private static float[] axis(int which) {
    float[] vector = new float[DIMENSION];
    vector[which] = 1;
    return vector;
  }

  /** The same by sorting. */
  private static List<Long> expected(
      Map<Long, float[]> rows, float[] query, int most, LongPredicate filter) {
    Map<Long, Double> scores = new HashMap<>();
    rows.forEach(
        (id, row) -> {
          double score = 0;
          for (int i = 0; i < DIMENSION; i++) {
            score += (double) row[i] * query[i];
          }
          scores.put(id, score);
        });
    return rows.keySet().stream()
        .filter(filter::test)
        .sorted(
            Comparator.comparingDouble((Long id) -> -scores.get(id))
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  private static List<Long> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  @Test
  void findsWhatIsNearestWhateverIsAddedChangedAndRemoved() {
    Map<Long, float[]> rows = new HashMap<>();
    try (VectorIndex index = new VectorIndex(DIMENSION)) {
      for (int step = 0; step < 6000; step++) {
        long id = random.nextInt(2500) - 100;
        if (random.nextInt(4) > 0) {
          float[] vector = vector();
          rows.put(id, vector);
          index.put(id, vector);
        } else {
          assertEquals(rows.remove(id) != null, index.remove(id));
        }
        if (step % 300 == 0) {
          float[] query = vector();
          assertEquals(rows.size(), index.size());
          assertEquals(
              expected(rows, query, 20, id2 -> true), ids(index.nearest(query, 20)), "at " + step);
          assertEquals(
              expected(rows, query, 5, id2 -> id2 % 7 == 0),
              ids(index.nearest(query, 5, id2 -> id2 % 7 == 0)));
        }
      }
      List.copyOf(rows.keySet()).forEach(index::remove);
      assertEquals(0, index.size());
      assertEquals(List.of(), index.nearest(vector(), 3));
    }
  }

  @Test
  void severalThreadsFindWhatOneFinds() {
    Map<Long, float[]> rows = new HashMap<>();
    try (VectorIndex index = new VectorIndex(DIMENSION)) {
      for (long id = 0; id < 3 * WarmUp.WORTH_IT; id++) {
        float[] vector = vector();
        rows.put(id, vector);
        index.put(id, vector);
      }
      for (int i = 0; i < 5; i++) {
        float[] query = vector();
        assertEquals(
            expected(rows, query, 50, id -> id % 2 == 0),
            ids(index.nearest(query, 50, id -> id % 2 == 0)));
      }
    }
  }

  @Test
  void ofEqualsThoseWithTheSmallerIdsCome() {
    try (VectorIndex index = new VectorIndex(DIMENSION)) {
      for (long id = 40; id > 0; id--) {
        index.put(id, axis(3));
      }
      index.put(99, axis(4));
      assertEquals(List.of(1L, 2L, 3L), ids(index.nearest(axis(3), 3)));
      assertEquals(
          List.of(new Hit(99, 1f), new Hit(1, 0f)), index.nearest(axis(4), 2), "with their scores");
    }
  }

  @Test
  void asksForNoneOrForMoreThanThereAre() {
    try (VectorIndex index = new VectorIndex(DIMENSION)) {
      assertEquals(List.of(), index.nearest(axis(0), 5));
      index.put(1, axis(0));
      assertEquals(List.of(), index.nearest(axis(0), 0));
      assertEquals(List.of(new Hit(1, 1)), index.nearest(axis(0), Integer.MAX_VALUE));
      assertEquals(List.of(), index.nearest(axis(0), 5, id -> false));
    }
  }

  private static void refuses(ErrorCode code, float[] vector) {
    try (VectorIndex index = new VectorIndex(DIMENSION)) {
      index.put(1, axis(0));
      assertEquals(code, assertThrows(SoleboxException.class, () -> index.put(1, vector)).code());
      assertEquals(
          code, assertThrows(SoleboxException.class, () -> index.nearest(vector, 1)).code());
      assertEquals(List.of(new Hit(1, 1)), index.nearest(axis(0), 2), "nothing has changed");
    }
  }

  @Test
  void refusesWhatIsNoDirection() {
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] vector = axis(0);
      vector[DIMENSION - 1] = wrong;
      refuses(ErrorCode.NON_FINITE, vector);
    }
    refuses(ErrorCode.INVALID_PARAMETER, new float[DIMENSION]);
    float[] large = new float[DIMENSION];
    Arrays.fill(large, Float.MAX_VALUE);
    refuses(ErrorCode.INVALID_PARAMETER, large);
    refuses(ErrorCode.INVALID_PARAMETER, new float[DIMENSION + 1]);
  }

  @Test
  void searchesGoOnWhileRowsComeAndGo() throws Exception {
    try (VectorIndex index = new VectorIndex(DIMENSION);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      index.put(0, axis(0));
      List<Future<?>> running = new ArrayList<>();
      for (int t = 1; t <= 2; t++) {
        long base = t * 10_000L;
        running.add(
            threads.submit(
                () -> {
                  for (long id = base; id < base + 1000; id++) {
                    index.put(id, axis(1));
                    if (id % 3 != 0) {
                      index.remove(id);
                    }
                  }
                }));
        Callable<Void> searching =
            () -> {
              for (int i = 0; i < 500; i++) {
                assertEquals(new Hit(0, 1), index.nearest(axis(0), 1).getFirst());
              }
              return null;
            };
        running.add(threads.submit(searching));
      }
      for (Future<?> each : running) {
        each.get();
      }
      assertEquals(1 + 2 * 333, index.size());
    }
  }

  @Test
  void saysThatItIsClosed() {
    VectorIndex index = new VectorIndex(DIMENSION);
    index.put(1, axis(0));
    index.close();
    index.close();
    assertEquals(0, index.size());
    assertEquals(
        ErrorCode.CLOSED,
        assertThrows(SoleboxException.class, () -> index.nearest(axis(0), 1)).code());
    assertEquals(
        ErrorCode.CLOSED, assertThrows(SoleboxException.class, () -> index.put(2, axis(0))).code());
    assertTrue(
        assertThrows(SoleboxException.class, () -> index.remove(1))
            .getMessage()
            .contains("memory"));
  }
}
