package io.solebox.server.models;

import io.solebox.engine.api.Ingredients;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Pairs;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * A model as one request has it: all that it computes is counted, whichever API asks. Closed when
 * the request is over; the model below stays.
 */
final class MeteredModel implements LoadedModel {
  private final LoadedModel model;
  private final AnswerMeter meter;
  private final Queue<MeteredGeneration> generations;

  /** The same prompt is used once, however many answers are made to it. */
  private final Set<int[]> prompts;

  MeteredModel(LoadedModel model, AnswerMeter meter) {
    this(
        model,
        meter,
        new ConcurrentLinkedQueue<>(),
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>())));
  }

  private MeteredModel(
      LoadedModel model,
      AnswerMeter meter,
      Queue<MeteredGeneration> generations,
      Set<int[]> prompts) {
    this.model = model;
    this.meter = meter;
    this.generations = generations;
    this.prompts = prompts;
  }

  @Override
  public Generation submit(GenerationRequest request) {
    boolean pays = prompts.add(request.prompt());
    var metered = new MeteredGeneration(model.submit(request), request, pays, meter);
    generations.add(metered);
    meter.ongoing().add(metered);
    if (pays) {
      meter.prompted(request.prompt().length);
    }
    return metered;
  }

  @Override
  public void logits(int[] ids, int from, LogitsSink sink, Requester who)
      throws InterruptedException {
    meter.computed(ids.length);
    model.logits(ids, from, sink, who);
  }

  @Override
  public float[] score(int[] ids, int from, Requester who) throws InterruptedException {
    meter.computed(ids.length);
    return model.score(ids, from, who);
  }

  @Override
  public List<float[][]> encode(List<int[]> sequences, HiddenRows rows, Requester who)
      throws InterruptedException {
    meter.computed(sequences.stream().mapToInt(ids -> ids.length).sum());
    return model.encode(sequences, rows, who);
  }

  @Override
  public LoadedModel with(String adapter) {
    return new MeteredModel(model.with(adapter), meter, generations, prompts);
  }

  @Override
  public void requireRanking() {
    model.requireRanking();
  }

  @Override
  public List<AdapterInfo> adapters() {
    return model.adapters();
  }

  @Override
  public Optional<StepProfile> profile(int position) throws InterruptedException {
    return model.profile(position);
  }

  @Override
  public ModelInfo info() {
    return model.info();
  }

  @Override
  public Optional<Ingredients> ingredients() {
    return model.ingredients();
  }

  @Override
  public Structures structures() {
    return model.structures();
  }

  @Override
  public Supplier<TokenConstraint> held(Prompt prompt, Structure structure)
      throws InterruptedException {
    return model.held(prompt, structure);
  }

  @Override
  public Tokenizer tokenizer() {
    return model.tokenizer();
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return model.chatTemplate();
  }

  @Override
  public Prompts prompts() {
    return model.prompts();
  }

  @Override
  public Pairs pairs() {
    return model.pairs();
  }

  @Override
  public int contextTokens() {
    return model.contextTokens();
  }

  @Override
  public List<String> notes() {
    return model.notes();
  }

  @Override
  public List<MemoryLedger.Holding> memory() {
    return model.memory();
  }

  @Override
  public Optional<LoadReport> loadReport() {
    return model.loadReport();
  }

  @Override
  public LoopStats stats() {
    return model.stats();
  }

  @Override
  public Optional<SoleboxException> failure() {
    return model.failure();
  }

  @Override
  public String device() {
    return model.device();
  }

  @Override
  public void close() {
    generations.forEach(MeteredGeneration::settle);
  }

  /** The model is its host's, who ends it; whoever has it here hears why from it. */
  @Override
  public void end(SoleboxException why) {
    close();
  }
}
