package io.solebox.engine.api;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pace;
import io.solebox.engine.generation.Sharing;
import io.solebox.engine.generation.UserWeights;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a model is loaded.
 *
 * @param contextTokens the longest sequence; empty for the smaller of what the model was trained
 *     for and {@value #DEFAULT_CONTEXT}
 * @param activations precision of what matrix products take
 * @param parallel longest sequences that fit the KV pool at once, and most sequences in a step
 * @param mapped whether the file is memory-mapped, or read into memory (storage that cannot be
 *     trusted)
 * @param stepTokens token budget of one step, prefill and decode together
 * @param chat what conversations become prompts by
 * @param adapters that requests can choose
 * @param speculation who guesses answers ahead
 * @param spill where what leaves the KV cache goes
 * @param sharing how much of it each user is due, and its pace
 * @throws SoleboxException {@code INVALID_PARAMETER} if a number is out of its range; whether
 *     memory is enough is seen when a model is loaded
 */
public record LoadOptions(
    OptionalInt contextTokens,
    KvType kvType,
    Activations activations,
    int parallel,
    boolean mapped,
    int stepTokens,
    ChatOptions chat,
    List<AdapterOptions> adapters,
    Speculation speculation,
    SpillOptions spill,
    Sharing sharing) {
  public static final int DEFAULT_CONTEXT = 8192;
  public static final int DEFAULT_STEP_TOKENS = 512;

  /** Rows of a step beside those of sequences that answer: for who wants logits or scores. */
  public static final int EXTRA_ROWS = 64;

  /**
   * Snapshots of recurrent state for each of {@link #parallel}: of a prompt that others begin with,
   * of the end of a sequence's own prompt, of its last whole block, and of the turn before.
   */
  public static final int SNAPSHOTS = 4;

  /** Of {@link #parallel}. */
  public static final int MAX_PARALLEL = 4096;

  private static final int MAX_STEP_TOKENS = 1 << 16;

  public LoadOptions {
    contextTokens.ifPresent(tokens -> requireRange("context", tokens, Integer.MAX_VALUE));
    requireRange("parallel", parallel, MAX_PARALLEL);
    requireRange("step tokens", stepTokens, MAX_STEP_TOKENS);
    adapters = List.copyOf(adapters);
    AdapterOptions.requireDistinct(adapters);
  }

  private static void requireRange(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          name,
          "is " + value + ", but must be 1 to " + most + ".",
          "Give a number in this range.");
    }
  }

  /** One sequence, F16 cache, mapped. */
  public static LoadOptions defaults() {
    return new LoadOptions(
        OptionalInt.empty(),
        KvType.F16,
        Activations.AUTO,
        1,
        true,
        DEFAULT_STEP_TOKENS,
        ChatOptions.OF_FILE,
        List.of(),
        new Speculation.Off(),
        SpillOptions.NONE,
        Sharing.EQUAL);
  }

  public LoadOptions withContext(int tokens) {
    return new LoadOptions(
        OptionalInt.of(tokens),
        kvType,
        activations,
        parallel,
        mapped,
        stepTokens,
        chat,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withKvType(KvType type) {
    return new LoadOptions(
        contextTokens,
        type,
        activations,
        parallel,
        mapped,
        stepTokens,
        chat,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withActivations(Activations value) {
    return new LoadOptions(
        contextTokens,
        kvType,
        value,
        parallel,
        mapped,
        stepTokens,
        chat,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withParallel(int sequences) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        sequences,
        mapped,
        stepTokens,
        chat,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withMapped(boolean value) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        value,
        stepTokens,
        chat,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withStepTokens(int tokens) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        mapped,
        tokens,
        chat,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withChat(ChatOptions value) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        mapped,
        stepTokens,
        value,
        adapters,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withAdapters(List<AdapterOptions> values) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        mapped,
        stepTokens,
        chat,
        values,
        speculation,
        spill,
        sharing);
  }

  public LoadOptions withSpeculation(Speculation value) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        mapped,
        stepTokens,
        chat,
        adapters,
        value,
        spill,
        sharing);
  }

  public LoadOptions withSpill(SpillOptions value) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        mapped,
        stepTokens,
        chat,
        adapters,
        speculation,
        value,
        sharing);
  }

  public LoadOptions withWeights(UserWeights value) {
    return with(new Sharing(value, sharing.pace()));
  }

  public LoadOptions withPace(Pace value) {
    return with(new Sharing(sharing.weights(), value));
  }

  private LoadOptions with(Sharing value) {
    return new LoadOptions(
        contextTokens,
        kvType,
        activations,
        parallel,
        mapped,
        stepTokens,
        chat,
        adapters,
        speculation,
        spill,
        value);
  }
}
