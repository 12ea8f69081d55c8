package io.solebox.engine.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some tokens of a step that go through stages by themselves, so that one stage computes them while
 * the next has those before. Not fewer than make good use of a device: it reads all its weights for
 * each part.
 *
 * @param batch of these tokens alone
 * @param firstToken of the step that is token 0 here
 * @param firstRow slot of the step that is slot 0 here
 */
record MicroBatch(Batch batch, int firstToken, int firstRow) {
  /**
   * The parts of a step in the order of its tokens, about equal.
   *
   * @param least tokens of a part
   * @param whole whether no sequence may be cut
   */
  static List<MicroBatch> of(Batch all, int least, boolean whole) {
    int count = all.size() / least;
    if (count < 2) {
      return List.of(new MicroBatch(all, 0, 0));
    }
    var parts = new ArrayList<MicroBatch>();
    int from = 0;
    for (int i = 1; i <= count; i++) {
      int to = Math.toIntExact((long) all.size() * i / count);
      if (whole && to < all.size()) {
        to = all.sequenceStart(to);
      }
      if (to > from) {
        parts.add(cut(all, from, to));
        from = to;
      }
    }
    return parts;
  }

  private static MicroBatch cut(Batch all, int from, int to) {
    int firstSequence = all.sequenceOf()[from];
    int[] sequenceOf = Arrays.copyOfRange(all.sequenceOf(), from, to);
    Arrays.setAll(sequenceOf, t -> all.sequenceOf()[from + t] - firstSequence);
    List<RowRequest> rows =
        all.rows().stream()
            .filter(row -> row.token() >= from && row.token() < to)
            .map(row -> row.of(row.token() - from))
            .toList();
    var batch =
        new Batch(
            Arrays.copyOfRange(all.tokens(), from, to),
            Arrays.copyOfRange(all.positions(), from, to),
            sequenceOf,
            all.sequences().subList(firstSequence, all.sequenceOf()[to - 1] + 1),
            rows,
            all.input());
    long before = all.rows().stream().filter(row -> row.token() < from).count();
    return new MicroBatch(batch, from, Math.toIntExact(before));
  }
}
