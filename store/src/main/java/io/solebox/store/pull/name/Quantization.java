package io.solebox.store.pull.name;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the weights of a file are stored, as its name says it: {@code Q4_K_M}, {@code UD-Q4_K_XL}.
 * Two are the same only if they are the same in full.
 *
 * @param name in upper case
 */
public record Quantization(String name) {
  /** What somebody takes who names none: good, and small. */
  public static final Quantization USUAL = new Quantization("Q4_K_M");

  private static final Set<String> ORIGINAL = Set.of("F32", "F16", "BF16");

  private static final String TOKEN =
      "(?:UD-)?(?:I?Q\\d(?:_[A-Z0-9]+)*|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|FP?16|FP?32)";

  private static final Pattern WHOLE = Pattern.compile(TOKEN);
  private static final Pattern IN_NAME =
      Pattern.compile("(?<![A-Z0-9_])" + TOKEN + "(?![A-Z0-9_])");

  /**
   * How much worse a model predicts for being stored so, from better to worse: perplexity of
   * Llama-3-8B against its F16 (llama.cpp: tools/quantize).
   */
  private static final List<Loss> LOSSES =
      List.of(
          new Loss("Q8_0", 0.0026),
          new Loss("Q6_K", 0.0217),
          new Loss("Q5_K_M", 0.0569),
          new Loss("Q5_K_S", 0.1049),
          new Loss("Q4_K_M", 0.1754),
          new Loss("Q4_K_S", 0.2689),
          new Loss("Q4_0", 0.4685),
          new Loss("Q3_K_M", 0.6569),
          new Loss("Q2_K", 3.5199));

  private record Loss(String name, double perplexity) {}

  /** The quantization that a person names; empty for other words. */
  public static Optional<Quantization> parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    return WHOLE.matcher(upper).matches() ? Optional.of(canonical(upper)) : Optional.empty();
  }

  /** The last one that a file's name holds, else the one of its folder. */
  public static Optional<Quantization> of(String path) {
    String upper = path.toUpperCase(Locale.ROOT);
    int slash = upper.lastIndexOf('/');
    Optional<Quantization> ofFile = last(upper.substring(slash + 1));
    return ofFile.isPresent() || slash < 0 ? ofFile : last(upper.substring(0, slash));
  }

  private static Optional<Quantization> last(String name) {
    Matcher matcher = IN_NAME.matcher(name);
    Optional<Quantization> found = Optional.empty();
    while (matcher.find()) {
      found = Optional.of(canonical(matcher.group()));
    }
    return found;
  }

  private static Quantization canonical(String upper) {
    return switch (upper) {
      case "FP16" -> new Quantization("F16");
      case "FP32" -> new Quantization("F32");
      default -> new Quantization(upper);
    };
  }

  /** Whether weights are as they were published: numbers by themselves, and no codes of blocks. */
  public boolean isOriginal() {
    return ORIGINAL.contains(name);
  }

  /** Perplexity that is lost on Llama-3-8B, where that was measured. */
  public Optional<Double> loss() {
    return LOSSES.stream().filter(l -> l.name().equals(name)).map(Loss::perplexity).findFirst();
  }

  @Override
  public String toString() {
    return name;
  }
}
