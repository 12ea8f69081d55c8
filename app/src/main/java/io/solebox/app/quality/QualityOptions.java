package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.engine.api.LoadOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which text is scored, which of its tokens, and how it is told. */
final class QualityOptions {
  /** What llama.cpp takes if nothing is said, so that figures can be compared. */
  private static final int DEFAULT_CONTEXT = 512;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The text, as UTF-8; - is stdin. Default: a text that comes with Solebox.")
  private Optional<String> file;

  @Option(
      names = "--stride",
      paramLabel = "TOKENS",
      description =
          "Chunks of --context tokens (512 if left out) begin so many tokens apart, and the last so"
              + " many of each are scored. Default: chunks do not overlap, and the second half of"
              + " each is scored.")
  private Optional<Integer> stride;

  @Option(names = "--chunks", paramLabel = "N", description = "Only the first N chunks.")
  private Optional<Integer> chunks;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw what was found to this file.")
  private Optional<Path> svg;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Refuses wrong values before anything is opened. */
  void check(LoadOptions load) {
    Chunks.Wish wish = wish(load);
    require(wish.context() >= 2, "--context is " + wish.context() + ", but must be at least 2");
    chunks.ifPresent(n -> require(n >= 1, "--chunks is " + n + ", but must be at least 1"));
    stride.ifPresent(
        n ->
            require(
                n >= 1 && n < wish.context(),
                "--stride is %d, but must be 1 to %d: less than the context"
                    .formatted(n, wish.context() - 1)));
  }

  private void require(boolean ok, String message) {
    if (!ok) {
      throw new ParameterException(command.commandLine(), message);
    }
  }

  Chunks.Wish wish(LoadOptions load) {
    return new Chunks.Wish(
        load.contextTokens().orElse(DEFAULT_CONTEXT), number(stride), number(chunks));
  }

  private static OptionalInt number(Optional<Integer> option) {
    return option.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  /** The options of a load that holds a chunk. */
  LoadOptions load(LoadOptions load) {
    return load.withContext(wish(load).context());
  }

  SampleText text(Console console) {
    return SampleText.of(console, file, SampleText.EVALUATION);
  }

  Optional<Path> svg() {
    return svg;
  }

  boolean json() {
    return json;
  }

  /** What was scored, for programs. */
  Map<String, Object> fields(SampleText text, Chunks done) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", text.name());
    fields.put("context", done.context());
    fields.put("stride", done.stride());
    fields.put("chunks", done.count());
    fields.put("tokens", done.tokens());
    fields.put("scored_tokens", done.scored());
    fields.put("left_out_tokens", done.leftOut());
    return fields;
  }

  /** What was scored, for people. */
  String describe(SampleText text, Chunks done) {
    String rest = done.leftOut() > 0 ? "; %d at the end left out".formatted(done.leftOut()) : "";
    return "scored: %d of %d tokens of %s, %s%s"
        .formatted(done.scored(), done.tokens(), text.name(), done.describe(), rest);
  }
}
