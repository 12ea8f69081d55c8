package io.solebox.app.store;

import io.solebox.app.session.ModelUse;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.Contents;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.intake.Importer;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.MadeFrom;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Sweeper;
import io.solebox.store.pull.Pull;
import io.solebox.store.pull.source.Source;
import io.solebox.store.quantize.Mix;
import io.solebox.store.quantize.ModelQuantizer;
import io.solebox.store.quantize.QuantizeJob;
import io.solebox.store.quantize.QuantizeOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Makes a model that fits: fetches its source, quantizes it, takes what came of it into the store,
 * and lets the source go. Each of these goes on where it was ended, by the same command.
 */
final class FitRun {
  private final ModelStore store;
  private final FitPlan plan;
  private final Pull.Order order;
  private final PullReport report;
  private final int threads;

  /**
   * @param order of the source
   */
  FitRun(ModelStore store, FitPlan plan, Pull.Order order, PullReport report, int threads) {
    this.store = store;
    this.plan = plan;
    this.order = order;
    this.report = report;
    this.threads = threads;
  }

  /** What was made before, of the same state of the source. */
  static Optional<Generation> made(ModelStore store, FitPlan plan, Pull.Order order) {
    return store
        .current(plan.name())
        .filter(now -> isOf(now.manifest(), order) && isBy(now.manifest(), plan));
  }

  private static boolean isOf(Manifest made, Pull.Order order) {
    return order.offer().revision().equals(made.annotations().get(Annotations.REVISION))
        && MadeFrom.of(made).filter(from -> from.name().equals(order.name())).isPresent();
  }

  private static boolean isBy(Manifest made, FitPlan plan) {
    return how(plan).equals(made.annotations().get(Annotations.MADE_BY));
  }

  private static String how(FitPlan plan) {
    return "quantize " + plan.mix();
  }

  Generation run(Pull pull, Source source) throws Exception {
    Optional<Generation> before = made(store, plan, order);
    if (before.isPresent()) {
      leaveSource();
      return before.get();
    }
    boolean isBegun = Files.exists(store.blobs().partials().resolve(key()));
    pull.requireRoom(
        order, isBegun ? 0 : plan.bytes()); // the quantizer knows what is still to come
    boolean isOnlyForThis = store.current(order.name()).map(this::isFetchedForThis).orElse(true);
    Generation fetched =
        pull.run(
            isOnlyForThis ? order.with(Annotations.FETCHED_FOR, plan.name().toString()) : order,
            source,
            report);
    Generation made = make(fetched);
    leaveSource();
    return made;
  }

  private boolean isFetchedForThis(Generation source) {
    return source.manifest().annotations().containsKey(Annotations.FETCHED_FOR);
  }

  private Generation make(Generation fetched) throws Exception {
    Path input = store.file(order.name(), fetched.manifest());
    try (ModelUse _ = ModelUse.of(input, LoadOptions.defaults(), "quantizes it");
        Partial partial = store.blobs().partial(key(), "makes " + plan.name())) {
      Path output = partial.file(plan.name().fileName());
      if (!Files.exists(output)) { // a file under its name is whole
        quantize(input, output);
      }
      return new Importer(store)
          .publishMade(partial, output, plan.name(), annotations(fetched), report.stage());
    }
  }

  /** Of the folder in which it comes to be: the same for the same work. */
  private String key() {
    String work = order.name() + "@" + order.offer().revision() + " " + plan.mix();
    return "fit-" + Digest.of(work.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private void quantize(Path input, Path output) {
    try (ModelSource source = QuantizeJob.open(input, Optional.of(plan.name().name()))) {
      QuantizeJob job =
          QuantizeJob.of(
              source, Contents.read(input).files(), options(plan.mix()), Optional.empty());
      Progress progress = report.stage();
      ModelQuantizer.run(job, output, threads, progress);
    }
  }

  /** Weights of 8 bits are taken as well: their own rounding is a hundredth of that to 4. */
  static QuantizeOptions options(Mix mix) {
    return new QuantizeOptions(mix, false, Optional.empty(), Optional.empty(), List.of(), true);
  }

  private Map<String, String> annotations(Generation fetched) {
    Map<String, String> annotations = new LinkedHashMap<>(order.annotations());
    annotations.put(Annotations.SOURCE, order.offer().place());
    annotations.put(Annotations.REVISION, order.offer().revision());
    order.offer().licence().ifPresent(l -> annotations.put(Annotations.LICENSES, l));
    var from = new MadeFrom(order.name(), fetched.manifest().digest());
    annotations.put(Annotations.MADE_FROM, from.toString());
    annotations.put(Annotations.MADE_BY, how(plan));
    annotations.put(Annotations.CHOSEN_BECAUSE, plan.because());
    return annotations;
  }

  /** If it was fetched for this alone, and nobody wants it to stay. */
  private void leaveSource() {
    ModelName name = order.name();
    boolean leaves = store.current(name).filter(this::isFetchedForThis).isPresent();
    if (!leaves || plan.keepsSource()) {
      return;
    }
    try {
      Set<Digest> theirs = new HashSet<>();
      for (Generation generation : store.remove(name)) {
        generation.manifest().blobs().stream().map(Descriptor::digest).forEach(theirs::add);
      }
      new Sweeper(store).sweep(new Sweeper.Rule(OptionalInt.empty(), theirs, Instant.now()));
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.IN_USE) {
        throw e;
      }
      report.note("The source stays: " + e.getMessage() + ".");
    }
  }
}
