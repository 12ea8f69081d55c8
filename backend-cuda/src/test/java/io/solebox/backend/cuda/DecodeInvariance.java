package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.testkit.ReferenceModel;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that is decoded has the same logits, to the bit, whoever is decoded beside it. */
abstract class DecodeInvariance {
  private static final int POSITIONS = 70; // more than a split, which has 64

  @TempDir Path scratch;

  abstract Backend open();

  @Test
  void neighboursDoNotMatter() {
    var reference = ReferenceModel.bundled("qwen3", scratch);
    try (var file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
        Backend backend = open()) {
      float[][] alone = new float[POSITIONS][];
      try (var steps = new PlanSteps(backend, file.graph())) {
        for (int p = 0; p < POSITIONS; p++) {
          alone[p] = steps.logits(new int[] {0}, p, 1)[0];
        }
      }
      try (var steps = new PlanSteps(backend, file.graph())) {
        for (int p = 0; p < POSITIONS; p++) {
          int batch = 1 + p % PlanSteps.SEQUENCES;
          int[] sequences = IntStream.range(0, batch).toArray();
          // The others may be anywhere; here all are at the same position.
          float[][] rows = steps.logits(sequences, p, 1);
          assertArrayEquals(alone[p], rows[0], "position " + p + ", batch of " + batch);
        }
      }
    }
  }
}
