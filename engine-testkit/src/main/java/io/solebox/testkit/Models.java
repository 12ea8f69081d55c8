package io.solebox.testkit;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Short ways for tests to run a model. */
public final class Models {
  private Models() {}

  /** A context of 512, and four sequences. */
  static LoadOptions options() {
    return LoadOptions.defaults().withContext(512).withParallel(4);
  }

  /** Loads with these options. */
  public static LoadedModel load(Engine engine, Path gguf, KvType kvType) {
    return engine.load(gguf, options().withKvType(kvType), Progress.none());
  }

  /** f32 [T, V] of all positions. */
  public static float[][] logits(LoadedModel model, int[] ids) throws InterruptedException {
    float[][] rows = new float[ids.length][];
    model.logits(ids, (position, row) -> rows[position] = row.toArray(ValueLayout.JAVA_FLOAT));
    return rows;
  }

  /** Greedy, ignoring the end of generation. */
  public static int[] greedy(LoadedModel model, int[] prompt, int n) throws InterruptedException {
    return ids(model.submit(prompt, greedy(n)));
  }

  /** The same, to be asked for. */
  static SamplingParams greedy(int n) {
    return SamplingParams.builder().maxTokens(n).temperature(0).ignoreEndOfGeneration(true).build();
  }

  /** All ids of an answer; an answer that fails throws its error. */
  public static int[] ids(Generation generation) throws InterruptedException {
    List<Integer> ids = new ArrayList<>();
    try (generation) {
      while (true) {
        switch (generation.next()) {
          case Generation.Queued _, Generation.Prefilling _ -> {}
          case Generation.Token(var id, var _, var _) -> ids.add(id);
          case Generation.End _ -> {
            return ids.stream().mapToInt(Integer::intValue).toArray();
          }
          case Generation.Failed(var error) -> throw error;
        }
      }
    }
  }
}
