package io.solebox.engine.api;

import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Pairs;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.LogitsSink;
import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A loaded model as it is with one of its adapters: its loop, its batches and its memory are the
 * model's.
 *
 * @param variant the adapter's number
 */
record AdaptedModel(ModelRunner model, String adapter, int variant) implements LoadedModel {
  static SoleboxException unknown(String adapter, List<AdapterInfo> there) {
    String names = there.stream().map(AdapterInfo::name).collect(Collectors.joining(", "));
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "adapter",
        "There is no adapter called " + adapter + ".",
        names.isEmpty()
            ? "Leave it out, or load the adapter with the model."
            : "Use one of these: " + names + ".");
  }

  /** A request that names another adapter means that one. */
  @Override
  public Generation submit(GenerationRequest request) {
    return model.submit(request.adapter().isPresent() ? request : request.withAdapter(adapter));
  }

  @Override
  public void logits(int[] ids, int from, LogitsSink sink, Requester who)
      throws InterruptedException {
    model.logits(variant, ids, from, sink, who);
  }

  @Override
  public float[] score(int[] ids, int from, Requester who) throws InterruptedException {
    return model.score(variant, ids, from, who);
  }

  @Override
  public List<float[][]> encode(List<int[]> sequences, HiddenRows rows, Requester who)
      throws InterruptedException {
    return model.encode(variant, sequences, rows, who);
  }

  @Override
  public Optional<Ingredients> ingredients() {
    return model.ingredients(adapter);
  }

  @Override
  public List<AdapterInfo> adapters() {
    return model.adapters();
  }

  @Override
  public LoadedModel with(String other) {
    return model.with(other);
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
  public Structures structures() {
    return model.structures();
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

  /** Nothing: the model is closed by who loaded it. */
  @Override
  public void close() {}
}
