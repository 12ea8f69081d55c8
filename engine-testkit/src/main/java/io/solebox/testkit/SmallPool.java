package io.solebox.testkit;

import io.solebox.engine.api.ChatOptions;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.ModelRunner;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.spill.SpillStore;
import java.nio.file.Path;
import java.util.List;

/** A model whose KV pool is smaller than its sequences could fill, so that they must take turns. */
public final class SmallPool implements AutoCloseable {
  private static final long BYTES_PER_STEP = 1 << 16;

  private final Backend backend;
  private final ModelRunner model;

  /**
   * @param context the longest sequence
   * @param blocks KV blocks for all {@code sequences} together
   */
  public SmallPool(
      String device,
      int threads,
      Path gguf,
      KvType kvType,
      int context,
      int sequences,
      int blocks) {
    this(device, threads, gguf, kvType, context, sequences, blocks, 0);
  }

  /**
   * The same.
   *
   * @param snapshots of recurrent state
   */
  public SmallPool(
      String device,
      int threads,
      Path gguf,
      KvType kvType,
      int context,
      int sequences,
      int blocks,
      int snapshots) {
    this(device, threads, gguf, kvType, context, sequences, blocks, snapshots, 0);
  }

  /**
   * The same.
   *
   * @param spillBytes of host memory for what leaves the pool, and always comes back from there
   */
  public SmallPool(
      String device,
      int threads,
      Path gguf,
      KvType kvType,
      int context,
      int sequences,
      int blocks,
      int snapshots,
      long spillBytes) {
    backend = Backends.open(device, threads);
    var limits =
        new Limits(
            context,
            64,
            sequences,
            sequences + LoadOptions.EXTRA_ROWS,
            (long) blocks * KvBlocks.TOKENS,
            snapshots,
            kvType,
            Activations.AUTO,
            Long.MAX_VALUE / 2);
    ModelFile file = ModelFile.open(gguf, ModelSource.Access.MAPPED);
    var plan = backend.prepare(file.graph(), limits, Progress.none());
    model =
        new ModelRunner(
            file,
            plan,
            backend.describe(),
            limits,
            List.of(),
            List.of(),
            ChatOptions.OF_FILE,
            Guessing.NONE,
            new SpillStore(plan, () -> BYTES_PER_STEP, spillBytes));
  }

  public LoadedModel model() {
    return model;
  }

  @Override
  public void close() {
    model.close();
    backend.close();
  }
}
