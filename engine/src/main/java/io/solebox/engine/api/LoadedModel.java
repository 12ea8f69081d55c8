package io.solebox.engine.api;

import io.solebox.engine.answer.AnswerStream;
import io.solebox.engine.answer.FramedStructure;
import io.solebox.engine.answer.StructuredCourse;
import io.solebox.engine.answer.TextFrame;
import io.solebox.engine.answer.Thinking;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Pairs;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A model that is ready to answer. Safe for many threads. */
public interface LoadedModel extends AutoCloseable {
  ModelInfo info();

  Tokenizer tokenizer();

  /**
   * The template of its conversations; empty where there is none, and it can only continue text.
   */
  Optional<ChatTemplate> chatTemplate();

  /** What its answers can be held to. */
  Structures structures();

  /**
   * Makes what holds answers to {@code prompt} to a structure, each time a fresh one; thoughts in
   * front stay free.
   *
   * @throws SoleboxException {@code BAD_GRAMMAR} if it cannot be honoured in full
   */
  default Supplier<TokenConstraint> held(Prompt prompt, Structure structure)
      throws InterruptedException {
    Structures structures = structures();
    TextFrame frame = TextFrame.of(prompt);
    FramedStructure direct = new FramedStructure(structure, frame, false);
    Optional<Thinking> thinking = StructuredCourse.thinking(prompt);
    if (thinking.isEmpty()) {
      CompiledGrammar grammar = direct.compile(structures, tokenizer());
      return () -> structures.begin(grammar);
    }
    CompiledGrammar behindThoughts =
        new FramedStructure(structure, frame, true).compile(structures, tokenizer());
    CompiledGrammar atOnce =
        thinking.get().begun() ? behindThoughts : direct.compile(structures, tokenizer());
    return () ->
        StructuredCourse.of(
            tokenizer(),
            structures,
            prompt,
            structures.begin(atOnce),
            structures.begin(behindThoughts));
  }

  /** Makes prompts of texts and conversations. */
  default Prompts prompts() {
    return new Prompts(tokenizer(), chatTemplate(), Map.of());
  }

  /** The adapters that requests can choose, in the order of the load options. */
  default List<AdapterInfo> adapters() {
    return List.of();
  }

  /**
   * The same model with one of its adapters in all that it computes; valid until this is closed,
   * and closed with it.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with the names that there are
   */
  default LoadedModel with(String adapter) {
    throw AdaptedModel.unknown(adapter, adapters());
  }

  /** The longest sequence, prompt and answer together. */
  int contextTokens();

  /**
   * Queues an answer.
   *
   * @throws SoleboxException {@code CONTEXT_LENGTH_EXCEEDED} with both counts if the prompt leaves
   *     no room for one token; {@code INVALID_PARAMETER} if empty or an id is out of range; {@code
   *     CLOSED}
   */
  Generation submit(GenerationRequest request);

  /** The same for a prompt of nobody in particular. */
  default Generation submit(int[] prompt, SamplingParams params) {
    return submit(GenerationRequest.of(prompt, params));
  }

  /**
   * Queues an answer to {@code prompt}, to be read as events.
   *
   * @param stops strings that end the answer and do not appear in it
   * @param withCalls whether tool calls are looked for; they are text where no tool was offered
   * @throws SoleboxException as {@link #submit}
   */
  default AnswerStream answer(
      Prompt prompt, SamplingParams params, List<String> stops, boolean withCalls) {
    return new AnswerStream(submit(prompt.ids(), params), tokenizer(), stops, prompt, withCalls);
  }

  /**
   * Queues an answer on somebody's terms, to be read as events.
   *
   * @param request whose prompt is that of {@code prompt}
   * @param stops strings that end the answer and do not appear in it
   * @param tools that were offered, as {@link io.solebox.engine.chat.ChatInput} has them: without
   *     any, what looks like a call is text
   * @throws SoleboxException as {@link #submit}
   */
  default AnswerStream answer(
      Prompt prompt,
      GenerationRequest request,
      List<String> stops,
      List<Map<String, Object>> tools) {
    return new AnswerStream(submit(request), tokenizer(), stops, prompt, tools);
  }

  /**
   * The logits of the positions from {@code from} on, through the same scheduler, cache and batches
   * as any answer; what stands before may come from the prefix cache.
   *
   * @param sink receives f32 [V] per position, in order, on the engine loop's thread; the segment
   *     is valid during the call
   * @param who asks
   * @throws SoleboxException as {@link #submit}
   */
  void logits(int[] ids, int from, LogitsSink sink, Requester who) throws InterruptedException;

  /** The same for nobody in particular. */
  default void logits(int[] ids, int from, LogitsSink sink) throws InterruptedException {
    logits(ids, from, sink, Requester.NOBODY);
  }

  /**
   * How likely the ids from {@code from} on are, each after all ids before it, at the speed of a
   * prompt.
   *
   * @param from at least 1: nothing stands before the first id
   * @param who asks
   * @return natural logs of probabilities [ids.length - from]
   */
  float[] score(int[] ids, int from, Requester who) throws InterruptedException;

  /** The same for nobody in particular. */
  default float[] score(int[] ids, int from) throws InterruptedException {
    return score(ids, from, Requester.NOBODY);
  }

  /**
   * Where the time of a decode step at this position goes; what is in the cache is forgotten.
   *
   * @return empty where the device cannot tell
   * @throws SoleboxException {@code INVALID_PARAMETER} for a position beyond the context, or while
   *     answers run
   */
  default Optional<StepProfile> profile(int position) throws InterruptedException {
    return Optional.empty();
  }

  /**
   * Hidden states f32 [rows, E] of each sequence: embeddings, or the scores of a reranker. They may
   * be computed together.
   *
   * @param who asks
   */
  List<float[][]> encode(List<int[]> sequences, HiddenRows rows, Requester who)
      throws InterruptedException;

  /** Those of one sequence, for nobody in particular. */
  default float[][] encode(int[] ids, HiddenRows rows) throws InterruptedException {
    return encode(List.of(ids), rows, Requester.NOBODY).getFirst();
  }

  /**
   * Vectors of a text.
   *
   * @param ids the text, with the tokens that {@link Tokenizer#encode} adds
   * @param normalized whether each is divided by its length
   * @return f32 [1, E], or [T, E] for {@link Pooling#NONE}
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for a model without hidden states to give
   */
  default float[][] embed(int[] ids, Pooling pooling, boolean normalized)
      throws InterruptedException {
    float[][] rows = encode(ids, Vectors.rows(info(), pooling));
    return Vectors.of(rows, pooling, normalized);
  }

  /**
   * Vectors of several texts, each as {@link #embed(int[], Pooling, boolean)} gives them; together
   * they take less time.
   */
  default List<float[][]> embed(List<int[]> texts, Pooling pooling, boolean normalized)
      throws InterruptedException {
    return embed(texts, pooling, normalized, Requester.NOBODY);
  }

  /**
   * The same for somebody.
   *
   * @param who asks
   */
  default List<float[][]> embed(
      List<int[]> texts, Pooling pooling, boolean normalized, Requester who)
      throws InterruptedException {
    return encode(texts, Vectors.rows(info(), pooling), who).stream()
        .map(rows -> Vectors.of(rows, pooling, normalized))
        .toList();
  }

  /** Writes questions and texts for {@link #rank}. */
  default Pairs pairs() {
    return new Pairs(tokenizer(), Optional.empty(), 0);
  }

  /**
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} unless it can {@link #rank}
   */
  default void requireRanking() {
    Vectors.requireRanking(info());
  }

  /**
   * How well a text suits a question, as its classifier says: the higher, the better. Of a
   * classifier with several labels, the probability of the first.
   *
   * @param ids of both, as {@link #pairs} writes them
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for a model that does not rank
   */
  default float rank(int[] ids) throws InterruptedException {
    requireRanking();
    return embed(ids, Pooling.RANK, false)[0][0];
  }

  /** The logits of all positions, every one computed. */
  default void logits(int[] ids, LogitsSink sink) throws InterruptedException {
    logits(ids, 0, sink);
  }

  /**
   * What differs from what was asked for (a smaller KV pool), and what the file says, for people.
   */
  List<String> notes();

  /** The memory that it has of each device. */
  List<MemoryLedger.Holding> memory();

  /** As {@link io.solebox.engine.backend.Plan#loadReport()}. */
  default Optional<LoadReport> loadReport() {
    return Optional.empty();
  }

  LoopStats stats();

  /** Why it does not answer any more, though it is not closed; empty while all is well. */
  Optional<SoleboxException> failure();

  /** What it is made of; empty for a model that is of no file, which nobody could find again. */
  default Optional<Ingredients> ingredients() {
    return Optional.empty();
  }

  /** How the device is described, as in {@code CPU, 2 threads, 512-bit vectors}. */
  String device();

  /** Ends running answers with {@code CLOSED}, stops the loop, frees all memory. */
  @Override
  void close();

  /** The same with another error, that whoever asks it afterwards hears as well. */
  default void end(SoleboxException why) {
    close();
  }
}
