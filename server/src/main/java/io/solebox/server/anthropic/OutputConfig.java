package io.solebox.server.anthropic;

import io.solebox.server.answers.AskedStructure;
import io.solebox.server.formats.FormatReader;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;

/**
 * How an answer is to be ({@code output_config}, and {@code output_format}, the older name of its
 * format).
 *
 * @param structure empty for any text
 */
record OutputConfig(Optional<String> effort, Optional<AskedStructure> structure) {
  private static final String FORMAT = "output_format";

  static OutputConfig read(Fields body) {
    Optional<Fields> given = body.object("output_config", AnthropicFields.OUTPUT_CONFIG);
    Optional<String> effort = given.flatMap(OutputConfig::effort);
    Optional<AskedStructure> newer =
        given
            .flatMap(config -> config.object("format", AnthropicFields.FORMAT))
            .flatMap(FormatReader::flat);
    given.ifPresent(config -> config.settle(false));
    Optional<AskedStructure> older =
        body.object(FORMAT, AnthropicFields.FORMAT).flatMap(FormatReader::flat);
    if (newer.isPresent() && older.isPresent()) {
      throw Params.invalidValue(
          FORMAT, "'output_format' and 'output_config.format' cannot stand together.");
    }
    return new OutputConfig(effort, newer.or(() -> older));
  }

  private static Optional<String> effort(Fields config) {
    Optional<String> effort = config.string("effort");
    effort.ifPresent(
        text -> {
          switch (text) {
            case "low", "medium", "high", "xhigh", "max" -> {}
            default ->
                throw Params.invalidValue(
                    config.param("effort"),
                    "'output_config.effort' is '%s', but must be low, medium, high, xhigh or max."
                        .formatted(Texts.abbreviated(text)));
          }
        });
    return effort;
  }
}
