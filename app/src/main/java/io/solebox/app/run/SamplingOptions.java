package io.solebox.app.run;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the next token is chosen, as a person asks for it. */
final class SamplingOptions {
  /** A little freedom, where the model's makers recommend nothing. */
  private static final double TEMPERATURE = 0.7;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "-n",
      paramLabel = "N",
      description = "Most tokens to generate. Default: what is left of the context.")
  private Optional<Integer> maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "0 always takes the likeliest token. Default: what the model file recommends, or 0.7.")
  private Optional<Double> temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Keep the K likeliest tokens.")
  private Optional<Integer> topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keep the likeliest tokens that make up this probability.")
  private Optional<Double> topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Drop tokens less likely than this share of the best one.")
  private Optional<Double> minP;

  @Option(
      names = "--typical-p",
      paramLabel = "P",
      description = "Keep the locally typical tokens of this probability.")
  private Optional<Double> typicalP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      description = "Above 1: make recent tokens less likely.")
  private Optional<Double> repetitionPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Subtracted from tokens that the answer has already.")
  private Optional<Double> presencePenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "Subtracted from tokens for each time that the answer has them.")
  private Optional<Double> frequencyPenalty;

  @Option(names = "--seed", paramLabel = "S", description = "Same seed, same answer.")
  private Optional<Long> seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends the answer and does not appear in it. Can be given several times.")
  private List<String> stops;

  List<String> stops() {
    return stops == null ? List.of() : stops;
  }

  /** {@code -n}, at most {@code room}. */
  int maxTokens(int room) {
    int wanted = maxTokens.orElse(room);
    if (wanted < 1) {
      throw new ParameterException(
          command.commandLine(), "-n is " + wanted + ", but must be at least 1");
    }
    return Math.clamp(room, 1, wanted);
  }

  /** Refuses wrong values before anything is loaded. */
  void check() {
    maxTokens(Integer.MAX_VALUE);
    params(1, OptionalDouble.empty());
    if (stops().contains("")) {
      throw new ParameterException(command.commandLine(), "--stop must not be empty");
    }
  }

  /**
   * @param recommended temperature of the model's makers
   */
  SamplingParams params(int tokens, OptionalDouble recommended) {
    var builder = SamplingParams.builder().maxTokens(tokens);
    builder.temperature(temperature.orElse(recommended.orElse(TEMPERATURE)));
    topK.ifPresent(builder::topK);
    topP.ifPresent(builder::topP);
    minP.ifPresent(builder::minP);
    typicalP.ifPresent(builder::typicalP);
    repetitionPenalty.ifPresent(builder::repetitionPenalty);
    presencePenalty.ifPresent(builder::presencePenalty);
    frequencyPenalty.ifPresent(builder::frequencyPenalty);
    seed.ifPresent(builder::seed);
    try {
      return builder.build();
    } catch (SoleboxException e) {
      String option = "--" + e.place().replace('_', '-');
      throw new ParameterException(command.commandLine(), option + " " + e.getMessage(), e);
    }
  }
}
