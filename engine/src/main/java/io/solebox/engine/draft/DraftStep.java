package io.solebox.engine.draft;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.RowRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A step of a draft model that is being put together: what its tracks have not computed yet. */
final class DraftStep {
  private final int maxTokens;
  private final Map<DraftTrack, Integer> tokens = new LinkedHashMap<>();
  private int size;

  /**
   * @param maxTokens of the step
   */
  DraftStep(int maxTokens) {
    this.maxTokens = maxTokens;
  }

  /** Adds as much of a track as there is room for in the step and in the pool. */
  void add(DraftTrack track) {
    int n = Math.min(track.uncomputed(), maxTokens - size);
    if (n > 0 && track.grow(n)) {
      tokens.put(track, n);
      size += n;
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The index in the batch of the last id that a track knows, where the step gets that far. */
  OptionalInt lastTokenOf(DraftTrack track) {
    int at = 0;
    for (var entry : tokens.entrySet()) {
      at += entry.getValue();
      if (entry.getKey() == track) {
        boolean whole = entry.getValue() == track.uncomputed();
        return whole ? OptionalInt.of(at - 1) : OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }

  /**
   * @param rows ascending by token
   */
  Batch batch(List<RowRequest> rows) {
    int[] ids = new int[size];
    int[] positions = new int[size];
    int[] sequenceOf = new int[size];
    var sequences = new ArrayList<Batch.Sequence>(tokens.size());
    int t = 0;
    for (var entry : tokens.entrySet()) {
      DraftTrack track = entry.getKey();
      for (int i = 0; i < entry.getValue(); i++, t++) {
        positions[t] = track.computed() + i;
        ids[t] = track.id(positions[t]);
        sequenceOf[t] = sequences.size();
      }
      sequences.add(track.view());
    }
    return new Batch(ids, positions, sequenceOf, sequences, rows, new Batch.Input.Tokens());
  }

  /** The step ran. */
  void ran() {
    tokens.forEach(DraftTrack::advance);
  }
}
