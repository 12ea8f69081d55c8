package io.solebox.backend.cuda;

import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.SparseBias;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is changed of the rows of a part before the device chooses from them.
 *
 * @param biased rows with their biases
 * @param biases entries of all of them
 * @param masked rows with their masks
 */
record Edits(List<Edited> biased, int biases, List<Edited> masked) {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** A row of the part. */
  record Edited(int row, LogitEdit edit) {}

  /** Of those rows that the device answers; {@code onHost} gets those with too many entries. */
  static Edits of(Part part, List<Part.Row> onHost) {
    var biased = new ArrayList<Edited>();
    var masked = new ArrayList<Edited>();
    int biases = 0;
    for (int r = 0; r < part.rows().size(); r++) {
      Part.Row row = part.rows().get(r);
      LogitEdit edit = edit(row.request()).orElse(LogitEdit.NONE);
      if (edit.isEmpty() || onHost.contains(row)) {
        continue;
      }
      if (biases + edit.bias().size() > AnswerScratch.MAX_BIASES) {
        onHost.add(row);
        continue;
      }
      biases += edit.bias().size();
      if (edit.bias().size() > 0) {
        biased.add(new Edited(r, edit));
      }
      if (!edit.mask().isAll()) {
        masked.add(new Edited(r, edit));
      }
    }
    return new Edits(biased, biases, masked);
  }

  private static Optional<LogitEdit> edit(RowRequest request) {
    return switch (request) {
      case RowRequest.Argmax(_, var edit) -> Optional.of(edit);
      case RowRequest.TopK(_, _, var edit) -> Optional.of(edit);
      case RowRequest.Nucleus(_, _, _, var edit) -> Optional.of(edit);
      case RowRequest.Draw(_, _, _, var edit) -> Optional.of(edit);
      case RowRequest.Logits _, RowRequest.Score _, RowRequest.Hidden _ -> Optional.empty();
    };
  }

  boolean isEmpty() {
    return biased.isEmpty() && masked.isEmpty();
  }

  /** Entries of one of the four arrays of biases, so that the next begins aligned. */
  int stride() {
    return (biases + 3) / 4 * 4;
  }

  /** Row, id, repetition and addend of each entry, an array each. */
  void writeBiases(MemorySegment to) {
    int at = 0;
    for (Edited row : biased) {
      SparseBias bias = row.edit().bias();
      for (int i = 0; i < bias.size(); i++, at++) {
        to.setAtIndex(INT, at, row.row());
        to.setAtIndex(INT, stride() + at, bias.id(i));
        to.setAtIndex(FLOAT, 2L * stride() + at, bias.repetition(i));
        to.setAtIndex(FLOAT, 3L * stride() + at, bias.add(i));
      }
    }
  }

  /** The rows, and then their masks of {@code words} 32-bit words each. */
  void writeMasks(int words, MemorySegment to) {
    for (int m = 0; m < masked.size(); m++) {
      to.setAtIndex(INT, m, masked.get(m).row());
      long[] mask = masked.get(m).edit().mask().words();
      long at = masked.size() + (long) m * words;
      for (int w = 0; w < words; w++) {
        long both = w / 2 < mask.length ? mask[w / 2] : 0;
        to.setAtIndex(INT, at + w, (int) (w % 2 == 0 ? both : both >>> 32));
      }
    }
  }
}
