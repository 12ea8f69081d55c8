package io.solebox.engine.api;

import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.sample.Sampler;
import io.solebox.engine.schedule.EngineLoop;
import io.solebox.engine.schedule.LogitsSink;
import io.solebox.engine.schedule.LoopStats;
import io.solebox.engine.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model file, its plan and its loop, as one. Owns all three. */
public final class ModelRunner implements LoadedModel {
  /** Rows of logits that one step may hand out, shared by those who ask for whole rows. */
  public static final int LOGITS_ROWS = 32;

  private final ModelFile file;
  private final Plan plan;
  private final String device;
  private final int contextTokens;
  private final int logitsRowsEach;
  private final List<String> notes;
  private final Optional<ChatTemplate> chatTemplate;
  private final Prompts prompts;
  private final Arena arena = Arena.ofShared();
  private final EngineLoop loop;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** As the other, with the file's own chat template. */
  public ModelRunner(
      ModelFile file,
      Plan plan,
      String device,
      int contextTokens,
      int maxSequences,
      int stepTokens,
      List<String> notes) {
    this(file, plan, device, contextTokens, maxSequences, stepTokens, notes, ChatOptions.OF_FILE);
  }

  /**
   * Starts answering.
   *
   * @param notes what differs from what was asked for, for people
   */
  public ModelRunner(
      ModelFile file,
      Plan plan,
      String device,
      int contextTokens,
      int maxSequences,
      int stepTokens,
      List<String> notes,
      ChatOptions chat) {
    this.file = file;
    this.plan = plan;
    this.device = device;
    this.contextTokens = contextTokens;
    this.logitsRowsEach = Math.max(1, LOGITS_ROWS / maxSequences);
    this.notes = List.copyOf(notes);
    this.chatTemplate = chat.template().or(file::chatTemplate);
    this.prompts = new Prompts(file.tokenizer(), chatTemplate, chat.arguments());
    int rows = maxSequences + LOGITS_ROWS;
    int rowWidth = Math.max(file.info().vocabSize(), file.info().embeddingLength());
    var outputs = new Outputs(arena, rows, Sampler.MAX_CANDIDATES, rowWidth);
    this.loop = new EngineLoop(file.info().name(), plan, outputs, maxSequences, stepTokens);
  }

  @Override
  public ModelInfo info() {
    return file.info();
  }

  @Override
  public Tokenizer tokenizer() {
    return file.tokenizer();
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return chatTemplate;
  }

  @Override
  public Prompts prompts() {
    return prompts;
  }

  @Override
  public int contextTokens() {
    return contextTokens;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public Optional<LoadReport> loadReport() {
    return plan.loadReport();
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public LoopStats stats() {
    return loop.stats();
  }

  @Override
  public Generation submit(int[] prompt, SamplingParams params) {
    requireOpen();
    requireIds("prompt", prompt);
    requireIds("logit_bias", params.logitBias().keySet().stream().mapToInt(i -> i).toArray());
    if (prompt.length >= contextTokens) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "prompt",
          "The prompt has %d tokens, but the context holds %d and must leave room for the answer."
              .formatted(prompt.length, contextTokens),
          "Shorten the prompt, or load the model with a larger --context.");
    }
    if (prompt.length == 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, "prompt", "The prompt is empty.", "Give it some text.");
    }
    return loop.submit(prompt, params, stopIds(params), contextTokens, info().vocabSize());
  }

  @Override
  public void logits(int[] ids, int from, LogitsSink sink) throws InterruptedException {
    requireOpen();
    requireIds("ids", ids);
    if (ids.length == 0 || ids.length > contextTokens) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "ids",
          "There are %d ids; the context holds 1 to %d.".formatted(ids.length, contextTokens),
          "Load the model with a larger --context.");
    }
    loop.logits(ids, from, sink, logitsRowsEach);
  }

  private Set<Integer> stopIds(SamplingParams params) {
    var ids = new HashSet<>(params.stopIds());
    if (!params.ignoreEndOfGeneration()) {
      ids.addAll(tokenizer().endOfGeneration());
    }
    return ids;
  }

  private void requireIds(String place, int[] ids) {
    int vocab = info().vocabSize();
    for (int id : ids) {
      if (id < 0 || id >= vocab) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            place,
            "The id %d is not in the vocabulary of 0 to %d.".formatted(id, vocab - 1),
            "Use ids that the tokenizer of this model gives.");
      }
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new SoleboxException(ErrorCode.CLOSED, "", "The model was unloaded.", "Load it again.");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      loop.close();
      plan.close();
      arena.close();
      file.close();
    }
  }
}
