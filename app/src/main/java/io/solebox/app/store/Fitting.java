package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.StoreNames;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.name.Quantization;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.quantize.Mix;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses what is made of a model whose source has no file that fits, or none in the quantization
 * that a person named: the smallest file whose weights are nearly as published becomes the usual
 * mix, or the next smaller one that fits.
 */
final class Fitting {
  /** Nearly as published: what rounding to these loses is lost in what becomes of them. */
  private static final Set<String> SOURCES = Set.of("Q8_0", "F16", "BF16", "F32");

  /** From the usual one to the smallest that needs no importance matrix. */
  private static final List<Mix> MIXES = List.of(Mix.Q4_K_M, Mix.Q4_K_S, Mix.Q3_K_M, Mix.Q2_K);

  private final PullName.Hub wanted;
  private final Offer offer;
  private final BeforePull look;
  private final boolean keepsSource;

  Fitting(PullName.Hub wanted, Offer offer, BeforePull look, boolean keepsSource) {
    this.wanted = wanted;
    this.offer = offer;
    this.look = look;
    this.keepsSource = keepsSource;
  }

  /**
   * Looks for what to make.
   *
   * @return empty where the source has a file that will do
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} where it has nothing to make one of; {@code
   *     OUT_OF_MEMORY} where the smallest is too large; {@code MODEL_NOT_FOUND} where a name is
   *     neither a file of it nor a quantization
   */
  Optional<FitPlan> plan() throws InterruptedException {
    Optional<String> named = wanted.choice();
    if (named.isPresent()) {
      boolean isThere = offer.variants().stream().anyMatch(v -> v.isCalled(named.get()));
      return isThere ? Optional.empty() : Optional.of(named(named.get()));
    }
    Choice.Fit fit = variant -> look.facts(variant).flatMap(Facts::needs);
    return Choice.bestFitting(offer, fit).isPresent()
        ? Optional.empty()
        : Optional.of(fitting(source()));
  }

  private FitPlan named(String name) throws InterruptedException {
    Optional<Mix> mix = Mix.named(name).filter(m -> m.name().equalsIgnoreCase(name));
    if (mix.isEmpty()) {
      Choice.named(offer, name); // which says what there is
      throw new IllegalStateException(name);
    }
    Variant source = source();
    String because =
        "the source has no " + mix.get() + "; it is quantized here from " + source.label();
    Map<Mix, Long> sizes = sizes(source, List.of(mix.get()));
    return plan(source, mix.get(), sizes.get(mix.get()), because);
  }

  private FitPlan fitting(Variant source) throws InterruptedException {
    Choice.Fit.Needs whole = look.facts(source).flatMap(Facts::needs).orElseThrow();
    Map<Mix, Long> sizes = sizes(source, MIXES);
    for (Mix mix : MIXES) {
      long bytes = sizes.get(mix);
      if (whole.plus(bytes - source.weightBytes()).fits()) {
        String because =
            "no file of the source fits this machine; %s does, and is quantized here from %s"
                .formatted(mix, source.label());
        return plan(source, mix, bytes, because);
      }
    }
    Mix smallest = MIXES.getLast();
    Choice.Fit.Needs least = whole.plus(sizes.get(smallest) - source.weightBytes());
    throw new SoleboxException(
        ErrorCode.OUT_OF_MEMORY,
        offer.place(),
        "Even quantized to %s it needs %s of memory, and %s are free."
            .formatted(smallest, Units.bytes(least.neededBytes()), Units.bytes(least.freeBytes())),
        "Take a model with fewer weights, a smaller --context, or a machine with more memory.");
  }

  private FitPlan plan(Variant source, Mix mix, long bytes, String because) {
    var made = new Variant(mix.name(), Optional.of(new Quantization(mix.name())), source.parts());
    return new FitPlan(StoreNames.of(wanted, made), source, mix, bytes, because, keepsSource);
  }

  private Variant source() {
    return offer.variants().stream()
        .filter(
            v ->
                v.isFolder()
                    || v.quantization().filter(q -> SOURCES.contains(q.name())).isPresent())
        .min(Comparator.comparing(Variant::isFolder).thenComparingLong(Variant::bytes))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    offer.place(),
                    "It has no file in Q8_0, F16, BF16 or F32 that another could be made of, and"
                        + " none in safetensors; what has fewer bits would be rounded twice.",
                    "Pull a smaller file of it, or --fit a repository that has one of these."));
  }

  private Map<Mix, Long> sizes(Variant source, List<Mix> mixes) throws InterruptedException {
    return look.quantizedBytes(source, mixes)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    Printable.name(offer.place()),
                    "The source gives no parts of files, so that nothing is known of this one"
                        + " before it is here.",
                    "Pull it without --fit, and make a smaller one with 'solebox quantize'."));
  }
}
