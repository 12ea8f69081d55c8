package io.solebox.store.catalogue;

import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.name.Quantization;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * A model that people run, as a catalogue knows it. Which of its files suits a machine is computed
 * from sizes, and sizes from weights and bits: all estimates, until the source is asked.
 *
 * @param name by which it is pulled: lower case, without {@code /} and {@code :}
 * @param title for people
 * @param source a repository of the Hugging Face hub with GGUF files, {@code user/name}
 * @param architecture as in GGUF
 * @param parameters number of weights
 * @param activeParameters of them that a token takes part in, where not all do
 * @param keptElements of keys and values that are kept of a token, all layers together
 * @param context in tokens, that it was trained for
 * @param licence SPDX, or as the hub calls it
 * @param gated whether the source wants its terms accepted
 * @param uses what it is good for; at least one
 * @param formats quantizations that the source has, from larger to smaller
 * @param shape what it is made of; empty where that is not known, or is no plain decoder
 */
public record CatalogueModel(
    String name,
    String title,
    String source,
    String architecture,
    long parameters,
    OptionalLong activeParameters,
    OptionalLong keptElements,
    int context,
    String licence,
    boolean gated,
    List<Use> uses,
    List<Quantization> formats,
    Optional<CatalogueShape> shape) {
  /** What a model is good for. */
  public enum Use {
    CHAT,
    REASONING,
    CODE,
    EMBEDDING,
    RERANK;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it writes text. */
    public boolean answers() {
      return switch (this) {
        case CHAT, REASONING, CODE -> true;
        case EMBEDDING, RERANK -> false;
      };
    }
  }

  /** How large, by the machines that it is for. */
  public enum SizeClass {
    /** Below 2 billion weights: any machine. */
    TINY(2_000_000_000L),
    /** Below 6: a laptop. */
    SMALL(6_000_000_000L),
    /** Below 16: a good laptop, a small graphics card. */
    MEDIUM(16_000_000_000L),
    /** Below 50: a workstation. */
    LARGE(50_000_000_000L),
    /** A server. */
    HUGE(Long.MAX_VALUE);

    private final long below;

    SizeClass(long below) {
      this.below = below;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Bits per weight of whole files: of Llama-3-8B (llama.cpp: tools/quantize), and of gpt-oss-20b
   * for MXFP4.
   */
  private static final Map<String, Double> BITS =
      Map.ofEntries(
          Map.entry("F32", 32.0),
          Map.entry("F16", 16.0),
          Map.entry("BF16", 16.0),
          Map.entry("Q8_0", 8.5008),
          Map.entry("Q6_K", 6.5633),
          Map.entry("Q5_K_M", 5.7036),
          Map.entry("Q5_K_S", 5.5704),
          Map.entry("Q4_K_M", 4.8944),
          Map.entry("Q4_K_S", 4.6672),
          Map.entry("Q4_0", 4.6358),
          Map.entry("MXFP4", 4.63),
          Map.entry("IQ4_XS", 4.4597),
          Map.entry("Q3_K_M", 3.9960),
          Map.entry("Q2_K", 3.1593));

  /** What sources have where a catalogue says nothing of it. */
  static final List<Quantization> USUAL_FORMATS =
      List.of("Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K").stream()
          .map(Quantization::new)
          .toList();

  public CatalogueModel {
    uses = List.copyOf(uses);
    formats =
        formats.stream()
            .sorted(Comparator.comparingDouble((Quantization q) -> bits(q)).reversed())
            .toList();
  }

  static boolean isKnown(Quantization format) {
    return BITS.containsKey(format.name());
  }

  private static double bits(Quantization format) {
    return BITS.get(format.name());
  }

  public SizeClass sizeClass() {
    for (SizeClass each : SizeClass.values()) {
      if (parameters < each.below) {
        return each;
      }
    }
    return SizeClass.HUGE;
  }

  /** Whether it writes text. */
  public boolean answers() {
    return uses.stream().anyMatch(Use::answers);
  }

  /** Of the file in this format: weights times bits. */
  public long estimatedBytes(Quantization format) {
    return Math.round(parameters * bits(format) / 8);
  }

  /** Of them, bytes that each token of an answer reads. */
  public double estimatedBytesPerToken(Quantization format) {
    return activeParameters.orElse(parameters) * bits(format) / 8;
  }

  /** The format that a machine with room for all would take. */
  public Quantization usualFormat() {
    return formats.stream()
        .filter(Quantization.USUAL::equals)
        .findFirst()
        .or(() -> formats.stream().filter(q -> !q.isOriginal()).findFirst())
        .orElse(formats.getFirst());
  }

  /**
   * The format that is taken where nobody names one: the usual one, else the largest that fits and
   * is smaller, as a pull chooses.
   *
   * @param fits whether a file of so many bytes does
   * @return empty where none fits
   */
  public Optional<Quantization> formatThatFits(LongPredicate fits) {
    Quantization usual = usualFormat();
    return formats.stream()
        .filter(q -> bits(q) <= bits(usual))
        .filter(q -> fits.test(estimatedBytes(q)))
        .findFirst();
  }

  /**
   * Where it is pulled from.
   *
   * @param choice a quantization or a file's name
   */
  public PullName.Hub pullName(Optional<String> choice) {
    return new PullName.Hub(source, Optional.empty(), choice, false);
  }
}
