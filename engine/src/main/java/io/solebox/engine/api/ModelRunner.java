package io.solebox.engine.api;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Pairs;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.Sharing;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.schedule.PlanRunner;
import io.solebox.engine.spill.SpillStore;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model file, its plan and its loop, as one. Owns all three. */
public final class ModelRunner implements LoadedModel {
  /** The variant without an adapter. */
  private static final int ALONE = 0;

  private final ModelFile file;
  private final Plan plan;
  private final String device;
  private final Limits limits;
  private final List<MemoryLedger.Holding> memory;
  private final List<String> notes;
  private final Optional<ChatTemplate> chatTemplate;
  private final Prompts prompts;
  private final Pairs pairs;
  private final Structures structures;
  private final Optional<Ingredients> ingredients;
  private final Drafter drafter;
  private final PlanRunner runner;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Optional<SoleboxException> ended = Optional.empty();

  /**
   * Starts answering, without guesses.
   *
   * @param limits with which the plan was made
   * @param memory that it has, given back when this is closed
   * @param notes what differs from what was asked for, for people
   */
  public ModelRunner(
      ModelFile file,
      Plan plan,
      String device,
      Limits limits,
      List<MemoryLedger.Holding> memory,
      List<String> notes,
      ChatOptions chat) {
    this(file, plan, device, limits, memory, notes, chat, Guessing.NONE, SpillStore.off());
  }

  /**
   * The same with guesses, and a place for what leaves the cache.
   *
   * @param memory also what the drafter has
   * @param guessing whose drafter is closed with this
   * @param store of the plan; closed with this
   */
  public ModelRunner(
      ModelFile file,
      Plan plan,
      String device,
      Limits limits,
      List<MemoryLedger.Holding> memory,
      List<String> notes,
      ChatOptions chat,
      Guessing guessing,
      SpillStore store) {
    this(
        file,
        plan,
        device,
        limits,
        memory,
        notes,
        chat,
        guessing,
        store,
        Sharing.EQUAL,
        Optional.empty());
  }

  /**
   * The same, shared among users.
   *
   * @param memory also what the drafter has
   * @param guessing whose drafter is closed with this
   * @param store of the plan; closed with this
   * @param sharing among users, and its pace
   * @param ingredients with all the adapters that it can have; empty for a model of no file
   */
  public ModelRunner(
      ModelFile file,
      Plan plan,
      String device,
      Limits limits,
      List<MemoryLedger.Holding> memory,
      List<String> notes,
      ChatOptions chat,
      Guessing guessing,
      SpillStore store,
      Sharing sharing,
      Optional<Ingredients> ingredients) {
    this.file = file;
    this.ingredients = ingredients;
    this.plan = plan;
    this.device = device;
    this.limits = limits;
    this.memory = List.copyOf(memory);
    this.notes = List.copyOf(notes);
    this.chatTemplate = chat.template().or(file::chatTemplate);
    this.pairs = file.pairs();
    this.prompts = new Prompts(file.tokenizer(), chatTemplate, chat.arguments());
    this.structures = new Structures(file.tokenizer());
    this.drafter = guessing.drafter();
    this.runner =
        new PlanRunner(file.info().name(), file.graph(), plan, limits, guessing, store, sharing);
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
  public Structures structures() {
    return structures;
  }

  @Override
  public Prompts prompts() {
    return prompts;
  }

  @Override
  public Pairs pairs() {
    return pairs;
  }

  @Override
  public List<AdapterInfo> adapters() {
    return file.adapters();
  }

  @Override
  public LoadedModel with(String adapter) {
    return new AdaptedModel(this, adapter, variant(adapter));
  }

  /** The number of an adapter. */
  private int variant(String adapter) {
    List<AdapterInfo> all = adapters();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(adapter)) {
        return i + 1;
      }
    }
    throw AdaptedModel.unknown(adapter, all);
  }

  @Override
  public Optional<Ingredients> ingredients() {
    return ingredients.map(all -> all.with(List.of()));
  }

  /** What it is made of together with one of its adapters. */
  Optional<Ingredients> ingredients(String adapter) {
    return ingredients.map(all -> all.with(adapter));
  }

  @Override
  public int contextTokens() {
    return limits.maxSequenceTokens();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public List<MemoryLedger.Holding> memory() {
    return memory;
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
    return runner.stats();
  }

  @Override
  public Optional<SoleboxException> failure() {
    return closed.get() ? Optional.empty() : runner.ended();
  }

  @Override
  public Generation submit(GenerationRequest request) {
    requireOpen();
    int variant = request.adapter().map(this::variant).orElse(ALONE);
    return runner.submit(request, variant, stopIds(request));
  }

  @Override
  public void logits(int[] ids, int from, LogitsSink sink, Requester who)
      throws InterruptedException {
    logits(ALONE, ids, from, sink, who);
  }

  void logits(int variant, int[] ids, int from, LogitsSink sink, Requester who)
      throws InterruptedException {
    requireOpen();
    runner.logits(variant, ids, from, sink, who);
  }

  @Override
  public float[] score(int[] ids, int from, Requester who) throws InterruptedException {
    return score(ALONE, ids, from, who);
  }

  float[] score(int variant, int[] ids, int from, Requester who) throws InterruptedException {
    requireOpen();
    return runner.score(variant, ids, from, who);
  }

  @Override
  public List<float[][]> encode(List<int[]> sequences, HiddenRows rows, Requester who)
      throws InterruptedException {
    return encode(ALONE, sequences, rows, who);
  }

  List<float[][]> encode(int variant, List<int[]> sequences, HiddenRows rows, Requester who)
      throws InterruptedException {
    requireOpen();
    return runner.encode(variant, sequences, rows, who);
  }

  @Override
  public Optional<StepProfile> profile(int position) throws InterruptedException {
    requireOpen();
    return runner.profile(position);
  }

  private Set<Integer> stopIds(GenerationRequest request) {
    var ids = new HashSet<>(request.sampling().stopIds());
    if (!request.sampling().ignoreEndOfGeneration()) {
      ids.addAll(tokenizer().endOfGeneration());
    }
    return ids;
  }

  private void requireOpen() {
    if (closed.get()) {
      if (ended.isPresent()) {
        throw ended.get();
      }
      throw new SoleboxException(
          ErrorCode.CLOSED, "", "The model was unloaded.", "Ask for it again to load it.");
    }
  }

  @Override
  public void end(SoleboxException why) {
    ended = Optional.of(why);
    if (!closed.get()) {
      runner.end(why);
    }
    close();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try (file;
          plan;
          drafter;
          runner) {
        // From the last to the first, whatever becomes of one.
      } finally {
        memory.forEach(MemoryLedger.Holding::close);
      }
    }
  }
}
