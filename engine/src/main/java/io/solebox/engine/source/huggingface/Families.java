package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.stream.Collectors;

/** The kinds of models whose folders can be read. */
final class Families {
  private static final List<Family> ALL =
      List.of(
          new Llamas.Plain(),
          new Llamas.Mixtral(),
          new Llamas.Ministral(),
          new Llamas.SmolLm3(),
          new Llamas.Ernie(),
          new Llamas.ErnieMoe(),
          new Llamas.SeedOss(),
          new Llamas.Hunyuan(),
          new Llama4s(),
          new Qwens.Qwen2(),
          new Qwens.Qwen3(),
          new Qwens.Qwen2Moe(),
          new Qwens.Qwen3Moe(),
          new Qwens.Olmoe(),
          new DeltaQwens(DeltaQwens.Kind.NEXT),
          new DeltaQwens(DeltaQwens.Kind.DENSE),
          new DeltaQwens(DeltaQwens.Kind.EXPERTS),
          new Gemmas(Gemmas.Generation.FIRST),
          new Gemmas(Gemmas.Generation.SECOND),
          new Gemmas(Gemmas.Generation.THIRD),
          new Gemma4s(),
          new Phis.Phi2(),
          new Phis.Phi3(),
          new Granites.Dense(),
          new Granites.Moe(),
          new Granites.Hybrid(),
          new Granites.MiniCpm(),
          new Olmos.Olmo(),
          new Olmos.Exaone(),
          new Gpts.Gpt2(),
          new Gpts.NeoX(),
          new Gpts.StarCoder(),
          new Gpts.Nemotron(),
          new Coheres(false),
          new Coheres(true),
          new Glms.Dense(),
          new Glms.Moe(),
          new GptOsses(),
          new DeepSeeks(),
          new Mambas.Mamba2(),
          new Mambas.FalconH1(),
          new Lfm2s(false),
          new Lfm2s(true),
          new Berts.Bert(),
          new Berts.Nomic(),
          new Berts.Modern());

  private Families() {}

  /** The values of {@code model_type} that are known. */
  static List<String> modelTypes() {
    return ALL.stream().flatMap(family -> family.modelTypes().stream()).toList();
  }

  /**
   * @param config of the model that reads text
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming what is known
   */
  static Family of(Config config) {
    String type = config.textOr("", "model_type");
    return ALL.stream()
        .filter(family -> family.modelTypes().contains(type))
        .findFirst()
        .orElseThrow(
            () ->
                config.unsupported(
                    "model_type",
                    "%s is not known; known are %s"
                        .formatted(
                            type.isEmpty() ? "a model without it" : type,
                            modelTypes().stream().sorted().collect(Collectors.joining(", ")))));
  }
}
