package io.solebox.engine.model.arch;

import static io.solebox.engine.graph.Rotation.Pairing.ADJACENT;
import static io.solebox.engine.graph.Rotation.Pairing.HALVES;
import static io.solebox.engine.model.arch.Llama.Trait.EXPERTS;
import static io.solebox.engine.model.arch.Llama.Trait.FOURTH_WITHOUT_POSITIONS;
import static io.solebox.engine.model.arch.Llama.Trait.GROWING_QUERIES;
import static io.solebox.engine.model.arch.Llama.Trait.NORMS_BEHIND_ROTATION;
import static io.solebox.engine.model.arch.Llama.Trait.QK_NORMS;
import static io.solebox.engine.model.arch.Llama.Trait.SHARES_AS_THEY_COME;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import java.util.List;

/** The architectures that this version can run. */
public final class Architectures {
  private static final String KEY = "general.architecture";

  private static final List<Architecture<?>> ALL =
      List.of(
          new Llama("llama", ADJACENT, EXPERTS),
          new Llama("qwen2", HALVES),
          new Llama("qwen3", HALVES, QK_NORMS),
          new Llama("mistral3", ADJACENT, GROWING_QUERIES),
          new Llama("ernie4_5", ADJACENT),
          new Llama("smollm3", ADJACENT, FOURTH_WITHOUT_POSITIONS),
          new Llama("qwen3moe", HALVES, QK_NORMS, EXPERTS),
          new Llama("olmoe", HALVES, QK_NORMS, EXPERTS, SHARES_AS_THEY_COME),
          new Llama("seed_oss", HALVES),
          new Llama("hunyuan-dense", HALVES, QK_NORMS, NORMS_BEHIND_ROTATION),
          new Llama4(),
          new ErnieMoe(),
          new Qwen2Moe(),
          new Qwen3Next(Qwen3Next.Kind.NEXT),
          new Qwen3Next(Qwen3Next.Kind.DENSE),
          new Qwen3Next(Qwen3Next.Kind.EXPERTS),
          new Gemma(Gemma.Generation.FIRST),
          new Gemma(Gemma.Generation.SECOND),
          new Gemma(Gemma.Generation.THIRD),
          new Gemma(Gemma.Generation.EMBEDDING),
          new Gemma4(),
          new Phi2(),
          new Phi3("phi3"),
          new Phi3("phimoe"),
          new Granite("granite"),
          new Granite("granitemoe"),
          new Granite("minicpm"),
          new GraniteHybrid(),
          new NemotronH("nemotron_h"),
          new NemotronH("nemotron_h_moe"),
          new Olmo2(Olmo2.Kind.OLMO2),
          new Olmo2(Olmo2.Kind.EXAONE4),
          new StarCoder2("starcoder2", Activation.GELU),
          new StarCoder2("nemotron", Activation.RELU_SQUARED),
          new Gpt2(),
          new GptNeox(),
          new Cohere(Cohere.Generation.FIRST),
          new Cohere(Cohere.Generation.SECOND),
          new Glm4(),
          new Glm4Moe(),
          new GptOss(),
          new DeepSeek2(),
          new MambaDecoder(),
          new FalconH1(),
          new Lfm2("lfm2"),
          new Lfm2("lfm2moe"),
          new Bert(Bert.Kind.BERT),
          new Bert(Bert.Kind.NOMIC),
          new Bert(Bert.Kind.NOMIC_EXPERTS),
          new JinaBert(),
          new ModernBert());

  private Architectures() {}

  /** Their names, as in {@code general.architecture}. */
  public static List<String> names() {
    return ALL.stream().<String>map(Architecture::name).toList();
  }

  /**
   * A source as a graph.
   *
   * @param notes what was found and may be left out, for people
   */
  public record Described(Graph graph, List<String> notes) {}

  /**
   * Describes the forward pass of a model.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for an architecture, a key or a tensor that
   *     this version does not know; {@code BAD_MODEL_FILE} for what is missing or does not fit
   */
  public static Described describe(ModelSource source) {
    List<String> tensors = source.tensors().stream().map(TensorInfo::name).toList();
    return describe(of(source.metadata(), tensors), source);
  }

  /**
   * Refuses a model that no line of this version's registry describes, whatever else it needs.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL}
   */
  public static void requireKnown(Metadata metadata, List<String> tensors) {
    of(metadata, tensors);
  }

  private static Architecture<?> of(Metadata metadata, List<String> tensors) {
    String name = metadata.string(KEY);
    return ALL.stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(metadata, name, tensors));
  }

  private static <C> Described describe(Architecture<C> architecture, ModelSource source) {
    Keys keys = new Keys(source.metadata(), architecture.name());
    WeightBinder weights = new WeightBinder(source, architecture.name());
    try {
      C config = architecture.config(keys);
      leaveOutGuesses(keys, weights);
      keys.requireAllRead();
      Graph graph = architecture.graph(config, weights);
      if (graph.logits().isEmpty()) {
        weights.leaveOut("output.", "gives further tokens, and this model gives vectors");
      }
      return new Described(graph, weights.requireAllUsed(graph));
    } catch (IllegalArgumentException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          source.place(),
          "The tensors do not fit the hyperparameters: " + Printable.line(e.getMessage()) + ".",
          "Download or convert the file again.",
          e);
    }
  }

  /** Layers behind the others that guess further tokens: without them answers are the same. */
  private static void leaveOutGuesses(Keys keys, WeightBinder weights) {
    int blocks = keys.countOr("block_count", 0);
    int guesses = keys.countOr("nextn_predict_layers", 0);
    for (int l = blocks - guesses; l < blocks; l++) {
      weights.leaveOut(
          "blk." + l + ".", "a layer that guesses further tokens; answers are the same without it");
    }
  }

  private static SoleboxException unknown(Metadata metadata, String name, List<String> tensors) {
    List<String> strange = KnownTensors.strange(ALL, tensors);
    String parts =
        strange.isEmpty()
            ? " All of its tensors are of kinds that known ones have, so it may be a relative."
            : " No known one has tensors like its " + String.join(", ", strange) + ".";
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        metadata.place(KEY),
        "The architecture "
            + Printable.name(name)
            + " is not known to this version."
            + (tensors.isEmpty() ? "" : parts),
        "Update Solebox, or use a model of a known one: " + String.join(", ", names()) + ".");
  }
}
