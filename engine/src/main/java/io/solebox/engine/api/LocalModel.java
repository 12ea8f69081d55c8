package io.solebox.engine.api;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.spill.SpillStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The way of a model file of this machine into a {@link ModelRunner}. */
final class LocalModel implements LoadableModel {
  private final Function<ModelSource.Access, ModelFile> opener;
  private final Optional<Path> path;
  private final LoadOptions options;
  private final Placement.Policy policy;
  private final MemoryLedger host;
  private final ModelFile file;
  private final Limits wished;
  private final Optional<LocalModel> draft;
  private boolean loaded;

  /**
   * Opens the file, and that of the draft model where the options name one.
   *
   * @param opener of the file
   * @param host whose memory takes what leaves the KV cache
   */
  LocalModel(
      Function<ModelSource.Access, ModelFile> opener,
      LoadOptions options,
      Placement.Policy policy,
      MemoryLedger host) {
    this(opener, Optional.empty(), options, policy, host);
  }

  /** The same of a file or folder of this machine. */
  LocalModel(Path path, LoadOptions options, Placement.Policy policy, MemoryLedger host) {
    this(
        access -> ModelFile.open(path, access, options.adapters()),
        Optional.of(path),
        options,
        policy,
        host);
  }

  private LocalModel(
      Function<ModelSource.Access, ModelFile> opener,
      Optional<Path> path,
      LoadOptions options,
      Placement.Policy policy,
      MemoryLedger host) {
    this.opener = opener;
    this.path = path;
    this.options = options;
    this.policy = policy;
    this.host = host;
    this.file = opener.apply(ModelSource.Access.MAPPED);
    try {
      this.wished = WishedLimits.of(file.outline(), options);
      this.draft = draft();
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private Optional<LocalModel> draft() {
    Speculation speculation = options.speculation();
    var check = new DraftCheck(speculation);
    if (speculation.mostTokens() > 0 && DraftCheck.answers(file)) {
      check.requireTarget(file);
    }
    return switch (speculation) {
      case Speculation.Off _, Speculation.Lookup _ -> Optional.empty();
      case Speculation.DraftModel(var path, var _) ->
          DraftCheck.answers(file) ? Optional.of(draft(path, check)) : Optional.empty();
    };
  }

  private LocalModel draft(Path path, DraftCheck check) {
    Function<ModelSource.Access, ModelFile> draftOpener = access -> ModelFile.open(path, access);
    try (ModelFile found = draftOpener.apply(ModelSource.Access.MAPPED)) {
      check.requireDraft(found, file);
      return new LocalModel(draftOpener, draftOptions(found, options), policy, host);
    }
  }

  /** How a draft model is loaded for this one, were this one loaded with {@code own}. */
  private LoadOptions draftOptions(ModelFile of, LoadOptions own) {
    int context = WishedLimits.context(file.outline(), own);
    return own.withContext(Math.min(WishedLimits.mostPositions(of.outline()), context))
        .withStepTokens(Math.min(own.stepTokens(), ModelDrafter.MAX_STEP_TOKENS))
        .withAdapters(List.of())
        .withSpeculation(new Speculation.Off())
        .withSpill(SpillOptions.NONE);
  }

  @Override
  public ModelInfo info() {
    return file.info();
  }

  @Override
  public List<AdapterInfo> adapters() {
    return file.adapters();
  }

  @Override
  public LoadEstimate estimate() {
    return estimate(options);
  }

  @Override
  public LoadEstimate estimate(LoadOptions other) {
    LoadEstimate own = plan(other).estimate();
    return switch (other.speculation()) {
      case Speculation.Off _, Speculation.Lookup _ -> own;
      case Speculation.DraftModel _ ->
          draft.map(d -> own.with(d.estimate(draftOptions(d.file, other)))).orElse(own);
    };
  }

  @Override
  public Optional<Decoding> decoding() {
    Graph graph = file.graph();
    return graph.logits().map(_ -> Decoding.of(graph, options.kvType()));
  }

  private static Graph longEnough(Graph graph, ModelFile of, LoadOptions wishes) {
    return graph.forContext(WishedLimits.context(of.outline(), wishes));
  }

  private LoadPlan plan(LoadOptions wishes) {
    return plan(wishes, ModelFile::graph);
  }

  private LoadPlan plan(LoadOptions wishes, Function<ModelFile, Graph> graph) {
    OptionalLong copied = wishes.mapped() ? OptionalLong.empty() : OptionalLong.of(file.bytes());
    Limits limits = WishedLimits.of(file.outline(), wishes);
    Placement placement =
        policy
            .place(longEnough(graph.apply(file), file, wishes), limits)
            .transcoded(wishes.activations());
    return new LoadPlan(placement, limits, copied, wishes.spill(), host);
  }

  @Override
  public LoadedModel load(Progress progress) {
    LoadPlan own = plan(options);
    return draft.isPresent()
        ? loadWith(draft.get(), own, progress)
        : prepare(own.reserve(file.info().name()), progress).into(this::runner);
  }

  @Override
  public WatchedModel watch(Progress progress) {
    Function<ModelFile, Graph> graph = of -> of.graph().watching();
    Reserved reserved = plan(options, graph).reserve(file.info().name());
    return prepare(reserved, graph, progress)
        .into(
            own ->
                new WatchedModel(
                    own, own.reserved().placement().describe(), LoadNotes.of(own, wished)));
  }

  /** Each is sure of the least that it needs; beyond that the draft model comes first. */
  private LoadedModel loadWith(LocalModel smaller, LoadPlan own, Progress progress) {
    own.requireRoom();
    LoadPlan beside = smaller.plan(smaller.options).beside(own);
    Prepared guessing =
        smaller.prepare(beside.reserve(smaller.file.info().name() + " (draft)"), progress);
    Drafter drafter = guessing.into(Prepared::drafter);
    try {
      return prepare(own.reserve(file.info().name()), progress)
          .into(
              model -> {
                var memory = new ArrayList<>(model.reserved().holdings());
                memory.addAll(guessing.reserved().holdings());
                var notes = new ArrayList<>(LoadNotes.of(model, wished));
                notes.addAll(
                    LoadNotes.ofDraft(guessing, smaller.wished, model.reserved().limits()));
                return runner(model, memory, notes, drafter);
              });
    } catch (RuntimeException | Error e) {
      drafter.close();
      guessing.reserved().close();
      throw e;
    }
  }

  private LoadedModel runner(Prepared own) {
    var notes = new ArrayList<>(LoadNotes.of(own, wished));
    if (options.speculation() instanceof Speculation.DraftModel) {
      notes.addAll(LoadNotes.ofDraft(List.of("Not loaded, since this model gives no answers.")));
    }
    return runner(own, own.reserved().holdings(), notes, lookup());
  }

  private Drafter lookup() {
    return switch (options.speculation()) {
      case Speculation.Lookup _ -> new LookupDrafter();
      case Speculation.Off _, Speculation.DraftModel _ -> Drafter.NONE;
    };
  }

  private LoadedModel runner(
      Prepared own, List<MemoryLedger.Holding> memory, List<String> notes, Drafter drafter) {
    SpillStore store = new SpillStores(own, options, path).open(notes);
    try {
      return runner(own, memory, notes, drafter, store);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private LoadedModel runner(
      Prepared own,
      List<MemoryLedger.Holding> memory,
      List<String> notes,
      Drafter drafter,
      SpillStore store) {
    return new ModelRunner(
        own.source(),
        own.plan(),
        own.reserved().placement().describe(),
        own.reserved().limits(),
        memory,
        notes,
        options.chat(),
        DraftCheck.answers(own.source())
            ? Guessing.with(drafter, options.speculation().mostTokens())
            : Guessing.NONE,
        store,
        options.sharing(),
        path.map(its -> Ingredients.of(its, options, own.reserved())));
  }

  /** Reads the weights into memory that was reserved for them. */
  private Prepared prepare(Reserved memory, Progress progress) {
    return prepare(memory, ModelFile::graph, progress);
  }

  private Prepared prepare(Reserved memory, Function<ModelFile, Graph> graph, Progress progress) {
    Reserved reserved = memory;
    ModelFile source = file;
    try {
      if (!options.mapped()) {
        source = opener.apply(ModelSource.Access.COPIED);
        file.close();
        reserved = reserved.of(longEnough(graph.apply(source), source, options), options);
      }
      Plan plan = plan(source, reserved, progress);
      loaded = true;
      return new Prepared(source, plan, reserved);
    } catch (RuntimeException | Error e) {
      reserved.close();
      if (source != file) {
        source.close();
      }
      throw e;
    }
  }

  private static Plan plan(ModelFile source, Reserved reserved, Progress progress) {
    Plan plan = reserved.prepare(progress);
    try {
      source.checkUnchanged(); // what was read while preparing may be a mix of two files
      return plan;
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (!loaded) {
      file.close();
    }
    draft.ifPresent(LocalModel::close);
  }
}
