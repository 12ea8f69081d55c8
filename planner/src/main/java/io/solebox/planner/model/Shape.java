package io.solebox.planner.model;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A decoder by its hyperparameters alone: layers of attention and a gated network, as Llama has
 * them, or with experts as Qwen 3's mixtures have them.
 *
 * @param name for people
 * @param source where the numbers were read
 * @param layers L
 * @param width E
 * @param ffn F; of one expert where there are experts
 * @param heads H
 * @param kvHeads K
 * @param headDim D
 * @param vocabulary V
 * @param context that it was trained for
 * @param tied whether the embedding is the output matrix too
 * @param windows of layers that see the last tokens alone; empty where all see all
 * @param experts X; empty for a network without
 * @param usedExperts k; empty for a network without
 */
public record Shape(
    String name,
    String source,
    int layers,
    int width,
    int ffn,
    int heads,
    int kvHeads,
    int headDim,
    int vocabulary,
    int context,
    boolean tied,
    Optional<Windows> windows,
    Optional<Integer> experts,
    Optional<Integer> usedExperts) {
  /**
   * What some layers see.
   *
   * @param tokens the last ones
   * @param period of layers, of which the last one sees all
   */
  public record Windows(int tokens, int period) {}

  private static final int USUAL_CONTEXT = 8192;
  private static final int MOST = 1 << 24;

  /** What a person can say, and what is taken where it is left out. */
  public static final String KEYS =
      "layers, width, ffn, heads, vocab; and kv, dim, context, window, period, experts, used, tied=1";

  /** The same with so many layers. */
  public Shape withLayers(int count) {
    return new Shape(
        name,
        source,
        count,
        width,
        ffn,
        heads,
        kvHeads,
        headDim,
        vocabulary,
        context,
        tied,
        windows,
        experts,
        usedExperts);
  }

  /** Whether a text is one that {@link #parse} reads, and no name. */
  public static boolean isShape(String text) {
    return text.contains("=");
  }

  /**
   * Reads hyperparameters.
   *
   * @param text as in {@code layers=40,width=5120,ffn=13824,heads=40,vocab=32000}
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is missing, unknown or no number
   */
  public static Shape parse(String text) {
    Map<String, Integer> said = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      String[] both = part.strip().split("=", -1);
      if (both.length != 2 || said.put(both[0].strip(), number(both)) != null) {
        throw bad(part, "is not KEY=NUMBER, or stands there twice");
      }
    }
    int width = take(said, "width");
    int heads = take(said, "heads");
    if (!said.containsKey("dim") && width % heads != 0) {
      throw bad("heads=" + heads, "does not divide width=%d, and dim is not said".formatted(width));
    }
    int headDim = takeOr(said, "dim", width / heads);
    Optional<Integer> experts = Optional.ofNullable(said.remove("experts"));
    Optional<Integer> used = Optional.ofNullable(said.remove("used"));
    if (experts.isPresent() != used.isPresent()
        || used.filter(u -> u > experts.orElseThrow()).isPresent()) {
      throw bad(text, "has experts without used of them, or more used than there are");
    }
    var shape =
        new Shape(
            text,
            "as it was said",
            take(said, "layers"),
            width,
            take(said, "ffn"),
            heads,
            takeOr(said, "kv", heads),
            headDim,
            take(said, "vocab"),
            takeOr(said, "context", USUAL_CONTEXT),
            said.containsKey("tied") && said.remove("tied") == 1,
            windows(said),
            experts,
            used);
    if (!said.isEmpty()) {
      throw bad(said.keySet().iterator().next(), "is none of them");
    }
    if (heads % shape.kvHeads != 0) {
      throw bad("kv=" + shape.kvHeads, "does not divide heads=" + heads);
    }
    return shape;
  }

  private static Optional<Windows> windows(Map<String, Integer> said) {
    Optional<Integer> tokens = Optional.ofNullable(said.remove("window"));
    Optional<Integer> period = Optional.ofNullable(said.remove("period"));
    if (tokens.isPresent() != period.isPresent()) {
      throw bad("window", "has no period of layers, or that no window");
    }
    return tokens.map(count -> new Windows(count, period.orElseThrow()));
  }

  private static int number(String[] both) {
    try {
      int value = Integer.parseInt(both[1].strip());
      if (value > 0 && value <= MOST) {
        return value;
      }
    } catch (NumberFormatException _) {
      // refused below
    }
    throw bad(String.join("=", both), "is not a number of 1 to " + MOST);
  }

  private static int take(Map<String, Integer> said, String key) {
    if (!said.containsKey(key)) {
      throw bad(key, "is missing");
    }
    return said.remove(key);
  }

  private static int takeOr(Map<String, Integer> said, String key, int fallback) {
    return said.containsKey(key) ? said.remove(key) : fallback;
  }

  private static SoleboxException bad(String place, String what) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        "In the shape of the model, this " + what + ".",
        "Say it as in layers=40,width=5120,ffn=13824,heads=40,vocab=32000; there are: "
            + KEYS
            + ".");
  }
}
