package io.solebox.store.pull;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.name.Quantization;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Variant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of several models is brought.
 *
 * @param because why, where nobody named it
 */
public record Choice(Variant variant, Optional<String> because) {
  /** What a model takes on this machine. */
  @FunctionalInterface
  public interface Fit {
    /**
     * @param neededBytes at least, on all devices together
     * @param freeBytes of these devices now
     * @param fits whether each device has room for its part
     */
    record Needs(long neededBytes, long freeBytes, boolean fits) {
      /**
       * The same model in a larger or smaller file: an estimate, as if all devices were one.
       *
       * @param bytes more, or fewer
       */
      public Needs plus(long bytes) {
        long needed = neededBytes + bytes;
        return new Needs(needed, freeBytes, needed <= freeBytes);
      }
    }

    /** Empty where that cannot be known before it is here. */
    Optional<Needs> of(Variant variant) throws InterruptedException;
  }

  /**
   * The one that a person named, in full.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND} with those that there are
   */
  public static Choice named(Offer offer, String name) {
    return offer.variants().stream()
        .filter(variant -> variant.isCalled(name))
        .findFirst()
        .map(variant -> new Choice(variant, Optional.empty()))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.MODEL_NOT_FOUND,
                    offer.place(),
                    "There is no '" + name + "' in it.",
                    "There are: " + list(offer) + "."));
  }

  /**
   * The usual one, or the best that fits here.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} where none fits, with what they need
   */
  public static Choice fitting(Offer offer, Fit fit) throws InterruptedException {
    List<Variant> variants = offer.variants();
    if (variants.size() == 1) {
      return new Choice(variants.getFirst(), Optional.empty());
    }
    Optional<Choice> best = bestFitting(offer, fit);
    if (best.isPresent()) {
      return best.get();
    }
    Fit.Needs needs = fit.of(usual(variants)).orElseThrow();
    throw new SoleboxException(
        ErrorCode.OUT_OF_MEMORY,
        offer.place(),
        "None of its models fits this machine: %s needs %s of memory, and %s are free."
            .formatted(
                usual(variants).label(),
                gigabytes(needs.neededBytes()),
                gigabytes(needs.freeBytes())),
        "Take a smaller model, let --fit make a smaller file of it, or name one to pull it all the"
            + " same: "
            + list(offer)
            + ".");
  }

  /** The usual one, or the best that fits here; empty where none does. */
  public static Optional<Choice> bestFitting(Offer offer, Fit fit) throws InterruptedException {
    List<Variant> variants = offer.variants();
    Variant usual = usual(variants);
    Optional<Fit.Needs> needs = fit.of(usual);
    if (needs.isEmpty() || needs.get().fits()) {
      String fits = needs.isEmpty() ? "" : " and fits this machine";
      return Optional.of(
          new Choice(usual, Optional.of(usual.label() + " is the usual choice" + fits)));
    }
    long beside = needs.get().neededBytes() - usual.bytes();
    for (Variant smaller : bySize(variants)) {
      boolean mayFit = smaller.bytes() + beside <= needs.get().freeBytes();
      if (smaller.bytes() < usual.bytes()
          && mayFit
          && fit.of(smaller).filter(Fit.Needs::fits).isPresent()) {
        return Optional.of(
            new Choice(
                smaller,
                Optional.of(
                    "%s is the best that fits this machine; %s needs %s of memory, and %s are free"
                        .formatted(
                            smaller.label(),
                            usual.label(),
                            gigabytes(needs.get().neededBytes()),
                            gigabytes(needs.get().freeBytes())))));
      }
    }
    return Optional.empty();
  }

  private static Variant usual(List<Variant> variants) {
    List<Variant> quantized =
        variants.stream()
            .filter(v -> v.quantization().filter(q -> !q.isOriginal()).isPresent())
            .toList();
    List<Variant> files = variants.stream().filter(v -> !v.isFolder()).toList();
    List<Variant> likely = quantized.isEmpty() ? files : quantized;
    return variants.stream()
        .filter(v -> v.quantization().equals(Optional.of(Quantization.USUAL)))
        .findFirst()
        .orElseGet(() -> bySize(likely.isEmpty() ? variants : likely).getFirst());
  }

  /** The largest first. */
  public static List<Variant> bySize(List<Variant> variants) {
    return variants.stream().sorted(Comparator.comparingLong(Variant::bytes).reversed()).toList();
  }

  private static String list(Offer offer) {
    return bySize(offer.variants()).stream()
        .map(variant -> variant.label() + " (" + gigabytes(variant.bytes()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String gigabytes(long bytes) {
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%.2f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
