package io.solebox.engine.api;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** An opened backend and what it takes to load models on it. */
final class LocalEngine implements Engine {
  private final Backend backend;
  private final long memoryBytes;

  LocalEngine(Backend backend, long memoryBytes) {
    this.backend = backend;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public String device() {
    return backend.describe();
  }

  @Override
  public List<String> notes() {
    return backend.notes();
  }

  @Override
  public LoadedModel load(Path path, LoadOptions options, Progress progress) {
    var access = options.mapped() ? ModelSource.Access.MAPPED : ModelSource.Access.COPIED;
    ModelFile file = ModelFile.open(path, access);
    try {
      int context = contextTokens(file, options);
      Limits limits = limits(context, options);
      Plan plan = prepare(file, limits, progress);
      return new ModelRunner(
          file,
          plan,
          backend.describe(),
          context,
          options.parallel(),
          options.stepTokens(),
          notes(file, plan, limits),
          options.chat());
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private Plan prepare(ModelFile file, Limits limits, Progress progress) {
    Plan plan = backend.prepare(file.graph(), limits, progress);
    try {
      file.checkUnchanged(); // what was read while preparing may be a mix of two files
      return plan;
    } catch (RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  private static int contextTokens(ModelFile file, LoadOptions options) {
    int trained = file.info().trainedContext();
    return options.contextTokens().orElse(Math.min(trained, LoadOptions.DEFAULT_CONTEXT));
  }

  private Limits limits(int context, LoadOptions options) {
    long blocks = (long) options.parallel() * KvBlocks.forTokens(context);
    return new Limits(
        context,
        options.stepTokens(),
        options.parallel(),
        options.parallel() + ModelRunner.LOGITS_ROWS,
        (int) Math.min(Integer.MAX_VALUE, blocks),
        options.kvType(),
        options.activations(),
        memoryBytes);
  }

  private static List<String> notes(ModelFile file, Plan plan, Limits limits) {
    var notes = new ArrayList<>(file.info().notes());
    int trained = file.info().trainedContext();
    if (limits.maxSequenceTokens() > trained) {
      notes.add(
          "The context of %d tokens is longer than the %d that the model was trained for; answers may get worse beyond that."
              .formatted(limits.maxSequenceTokens(), trained));
    }
    if (plan.kvBlocks() < limits.kvBlocks()) {
      notes.add(
          "Memory holds %d tokens of KV cache, not the %d asked for; long answers may have to wait for each other."
              .formatted(tokens(plan.kvBlocks()), tokens(limits.kvBlocks())));
    }
    notes.addAll(plan.notes());
    return notes;
  }

  private static long tokens(int blocks) {
    return (long) blocks * KvBlocks.TOKENS;
  }

  @Override
  public OptionalDouble readBandwidthBytesPerSecond() {
    return backend.readBandwidthBytesPerSecond();
  }

  @Override
  public OptionalDouble linkBandwidthBytesPerSecond() {
    return backend.linkBandwidthBytesPerSecond();
  }

  @Override
  public OptionalDouble matrixFlopsPerSecond() {
    return backend.matrixFlopsPerSecond();
  }

  @Override
  public void close() {
    backend.close();
  }
}
