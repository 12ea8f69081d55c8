package io.solebox.engine.api;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvPools;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import io.solebox.engine.source.ModelSource;
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
  private boolean loaded;

  /**
   * Opens the file.
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
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
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
    return plan(other).estimate();
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
    Reserved reserved = plan(options).reserve(file.info().name());
    ModelFile source = file;
    try {
      if (!options.mapped()) {
        source = opener.apply(ModelSource.Access.COPIED);
        file.close();
        reserved = reserved.of(placement(source, options));
      }
      LoadedModel runner = start(source, reserved, progress);
      loaded = true;
      return runner;
    } catch (RuntimeException | Error e) {
      reserved.close();
      if (source != file) {
        source.close();
      }
      throw e;
    }
  }

  private LoadedModel start(ModelFile source, Reserved reserved, Progress progress) {
    Plan plan = reserved.prepare(progress);
    try {
      source.checkUnchanged(); // what was read while preparing may be a mix of two files
      List<String> notes = notes(source, plan, reserved);
      return new ModelRunner(
          source, plan, device, reserved.limits(), reserved.holdings(), notes, options.chat());
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
  }
}
