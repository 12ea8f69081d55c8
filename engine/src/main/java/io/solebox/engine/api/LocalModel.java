package io.solebox.engine.api;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guessing;
import io.solebox.engine.draft.LookupDrafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The way of a model file of this machine into a {@link ModelRunner}. */
final class LocalModel implements LoadableModel {
  /** Short texts share a step, which costs next to nothing where none is kept behind it. */
  private static final int TEXTS_AT_ONCE = 32;

  private final Function<ModelSource.Access, ModelFile> opener;
  private final LoadOptions options;
  private final String device;
  private final Placement.Policy policy;
  private final ModelFile file;
  private final Limits wished;
  private final Optional<LocalModel> draft;
  private boolean loaded;

  /**
   * Opens the file, and that of the draft model where the options name one.
   *
   * @param opener of the file
   * @param device of the engine, for people
   */
  LocalModel(
      Function<ModelSource.Access, ModelFile> opener,
      LoadOptions options,
      String device,
      Placement.Policy policy) {
    this.opener = opener;
    this.options = options;
    this.device = device;
    this.policy = policy;
    this.file = opener.apply(ModelSource.Access.MAPPED);
    try {
      this.wished = wished(file, options);
      this.draft = draft();
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private Optional<LocalModel> draft() {
    Speculation speculation = options.speculation();
    var check = new DraftCheck(speculation);
    return switch (speculation) {
      case Speculation.Off _ -> Optional.empty();
      case Speculation.Lookup _ -> {
        check.requireTarget(file);
        yield Optional.empty();
      }
      case Speculation.DraftModel(var path, var _) -> {
        check.requireTarget(file);
        yield Optional.of(draft(path, check));
      }
    };
  }

  private LocalModel draft(Path path, DraftCheck check) {
    Function<ModelSource.Access, ModelFile> draftOpener = access -> ModelFile.open(path, access);
    int most;
    try (ModelFile found = draftOpener.apply(ModelSource.Access.MAPPED)) {
      check.requireDraft(found, file);
      most = found.graph().mostPositions().orElse(Integer.MAX_VALUE);
    }
    LoadOptions same =
        options
            .withContext(Math.min(most, wished.maxSequenceTokens()))
            .withStepTokens(Math.min(options.stepTokens(), ModelDrafter.MAX_STEP_TOKENS))
            .withAdapters(List.of())
            .withSpeculation(new Speculation.Off());
    return new LocalModel(draftOpener, same, device, policy);
  }

  private static Limits wished(ModelFile file, LoadOptions options) {
    int context = context(file, options);
    // Rows of logits are wide; a model without them can hand out all rows of a step.
    int rows =
        file.graph().logits().isPresent()
            ? options.parallel() + LoadOptions.EXTRA_ROWS
            : Math.max(options.parallel(), Math.max(context, options.stepTokens()));
    // A text whose tokens see what comes after them is computed in one step, and then forgotten.
    boolean whole = file.graph().seesAhead();
    int step = whole ? Math.max(context, options.stepTokens()) : options.stepTokens();
    int sequences = whole ? Math.max(options.parallel(), TEXTS_AT_ONCE) : options.parallel();
    long blocks =
        whole
            ? sequences + KvBlocks.forTokens((long) step)
            : sequences * KvBlocks.forTokens((long) context);
    return new Limits(
        context,
        step,
        sequences,
        rows,
        blocks * KvBlocks.TOKENS,
        file.graph().hasSlots() ? LoadOptions.SNAPSHOTS * options.parallel() : 0,
        options.kvType(),
        options.activations(),
        Long.MAX_VALUE);
  }

  /**
   * The longest sequence.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where more is asked for than the model has
   *     positions
   */
  private static int context(ModelFile file, LoadOptions options) {
    int most = file.graph().mostPositions().orElse(Integer.MAX_VALUE);
    int usual = Math.min(file.info().trainedContext(), LoadOptions.DEFAULT_CONTEXT);
    int context = options.contextTokens().orElse(Math.min(usual, most));
    if (context > most) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "context",
          "The model has %d positions, and %d were asked for.".formatted(most, context),
          "Use --context " + most + " or less.");
    }
    return context;
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
    return draft.map(d -> own.with(d.estimate())).orElse(own);
  }

  private Placement placement(ModelFile of, LoadOptions wishes) {
    Graph graph = of.graph().forContext(context(of, wishes));
    return policy.place(graph).transcoded(wishes.activations());
  }

  private LoadPlan plan(LoadOptions wishes) {
    OptionalLong copied = wishes.mapped() ? OptionalLong.empty() : OptionalLong.of(file.bytes());
    return new LoadPlan(placement(file, wishes), wished(file, wishes), copied);
  }

  @Override
  public LoadedModel load(Progress progress) {
    // The smaller one first: what the larger one gets depends on what is left.
    Optional<Prepared> smaller = draft.map(d -> d.prepare(" (draft)", progress));
    try {
      Prepared own = prepare("", progress);
      return smaller.map(s -> runner(own, s)).orElseGet(() -> runner(own));
    } catch (RuntimeException | Error e) {
      smaller.ifPresent(Prepared::close);
      throw e;
    }
  }

  private LoadedModel runner(Prepared own) {
    return runner(own, own.reserved().holdings(), own.notes(), lookup());
  }

  private Drafter lookup() {
    return switch (options.speculation()) {
      case Speculation.Lookup _ -> new LookupDrafter();
      case Speculation.Off _, Speculation.DraftModel _ -> Drafter.NONE;
    };
  }

  private LoadedModel runner(Prepared own, Prepared smaller) {
    var memory = new ArrayList<>(own.reserved().holdings());
    memory.addAll(smaller.reserved().holdings());
    var notes = new ArrayList<>(own.notes());
    smaller.notes().forEach(note -> notes.add("draft: " + note));
    Limits limits = smaller.reserved().limits();
    if (limits.maxSequenceTokens() < own.reserved().limits().maxSequenceTokens()) {
      notes.add(
          "draft: It has %d positions; what comes behind them is made without it."
              .formatted(limits.maxSequenceTokens()));
    }
    ModelFile source = smaller.source();
    Drafter drafter = new ModelDrafter(source.graph(), smaller.plan(), limits, source::close);
    return runner(own, memory, notes, drafter);
  }

  private LoadedModel runner(
      Prepared own, List<MemoryLedger.Holding> memory, List<String> notes, Drafter drafter) {
    return new ModelRunner(
        own.source(),
        own.plan(),
        device,
        own.reserved().limits(),
        memory,
        notes,
        options.chat(),
        Guessing.with(drafter, options.speculation().mostTokens()));
  }

  /** A model that can run, with all that it took. */
  private record Prepared(ModelFile source, Plan plan, Reserved reserved, List<String> notes)
      implements AutoCloseable {
    @Override
    public void close() {
      plan.close();
      source.close();
      reserved.close();
    }
  }

  /**
   * Takes the memory and reads the weights.
   *
   * @param role of the model, behind its name in the ledgers
   */
  private Prepared prepare(String role, Progress progress) {
    Reserved reserved = plan(options).reserve(file.info().name() + role);
    ModelFile source = file;
    try {
      if (!options.mapped()) {
        source = opener.apply(ModelSource.Access.COPIED);
        file.close();
        reserved = reserved.of(placement(source, options));
      }
      Plan plan = plan(source, reserved, progress);
      loaded = true;
      return new Prepared(source, plan, reserved, notes(source, plan, reserved));
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
    } catch (RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  private List<String> notes(ModelFile source, Plan plan, Reserved reserved) {
    var notes = new ArrayList<>(source.info().notes());
    notes.addAll(source.adapterNotes());
    notes.addAll(reserved.placement().notes());
    contextNote(source, reserved.limits()).ifPresent(notes::add);
    long held = KvPools.tokens(source.graph().groups(), wished, plan.kvBlocks());
    if (held < wished.kvTokens()) {
      notes.add(
          "Memory holds %d tokens of KV cache, not the %d asked for; long answers may have to wait for each other."
              .formatted(held, wished.kvTokens()));
    }
    int snapshots = reserved.limits().snapshots();
    if (snapshots < wished.snapshots()) {
      notes.add(
          "Memory holds %d snapshots of recurrent state, not the %d wished for; more of what was computed before may be computed again."
              .formatted(snapshots, wished.snapshots()));
    }
    notes.addAll(plan.notes());
    return notes;
  }

  private static Optional<String> contextNote(ModelFile source, Limits limits) {
    int trained = source.info().trainedContext();
    return limits.maxSequenceTokens() <= trained
        ? Optional.empty()
        : Optional.of(
            "The context of %d tokens is longer than the %d that the model was trained for; answers may get worse beyond that."
                .formatted(limits.maxSequenceTokens(), trained));
  }

  @Override
  public void close() {
    if (!loaded) {
      file.close();
    }
    draft.ifPresent(LocalModel::close);
  }
}
