package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.FloatFile;
import io.solebox.app.console.Inputs;
import io.solebox.app.console.Json;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Vectors of texts. */
@Command(
    name = "embed",
    description = "Print the vector of each text: a JSON array per line.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class EmbedCommand implements Callable<Integer> {
  private static final int TOGETHER = 64;

  private final Console console;
  private final ModelLocator locator;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a model.")
  private String model;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Texts texts;

  /** Where texts come from. */
  private static final class Texts {
    @Option(names = "-p", paramLabel = "TEXT", description = "The text.")
    private String text;

    @Option(names = "--file", paramLabel = "FILE", description = "A text per line; - is stdin.")
    private String file;

    @Option(names = "--ids", paramLabel = "1,2,3", description = "The ids of a text, as they are.")
    private String ids;
  }

  @Option(
      names = "--pooling",
      paramLabel = "none|mean|cls|last",
      description =
          "How the vectors of a text's tokens become one; the file says how if it is left"
              + " out. With none, each token has its own.")
  private Pooling pooling;

  @Option(names = "--no-normalize", description = "Leave vectors as long as they are.")
  private boolean raw;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write little-endian f32 [N, E] to this file instead.")
  private Path out;

  @Mixin private AdapterArgument adapter;
  @Mixin private EngineOptions engine;

  public EmbedCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    Path file = locator.locate(Optional.of(model));
    // A text is computed in one go, so exact keys and values cost nothing that stays.
    var options = adapter.with(engine.loadOptions(1).withKvType(KvType.F32));
    try (var session = Session.open(console, engine, file, options)) {
      LoadedModel loaded = session.model();
      Pooling way = pooling(loaded);
      List<int[]> inputs = inputs(loaded);
      if (out == null) {
        for (List<int[]> part : parts(inputs)) {
          for (float[][] vectors : loaded.embed(part, way, !raw)) {
            console.println(text(vectors, way));
          }
        }
      } else {
        write(loaded, inputs, way);
      }
    }
    return 0;
  }

  private void write(LoadedModel loaded, List<int[]> inputs, Pooling way)
      throws InterruptedException {
    long rows = 0;
    try (var target = new FloatFile(out)) {
      for (List<int[]> part : parts(inputs)) {
        for (float[][] vectors : loaded.embed(part, way, !raw)) {
          for (float[] vector : vectors) {
            target.write(vector);
            rows++;
          }
        }
      }
    }
    console.error("%s: f32 [%d, %d]".formatted(out, rows, loaded.info().embeddingLength()));
  }

  /** So many at once that they fill steps, and so few that vectors come as they are computed. */
  private static List<List<int[]>> parts(List<int[]> inputs) {
    var parts = new ArrayList<List<int[]>>();
    for (int from = 0; from < inputs.size(); from += TOGETHER) {
      parts.add(inputs.subList(from, Math.min(inputs.size(), from + TOGETHER)));
    }
    return parts;
  }

  private static String text(float[][] vectors, Pooling way) {
    return way == Pooling.NONE ? Json.text(list(vectors)) : Json.text(list(vectors[0]));
  }

  private static List<Object> list(float[][] vectors) {
    List<Object> all = new ArrayList<>();
    for (float[] vector : vectors) {
      all.add(list(vector));
    }
    return all;
  }

  private static List<Object> list(float[] vector) {
    List<Object> all = new ArrayList<>(vector.length);
    for (float x : vector) {
      all.add(Double.parseDouble(Float.toString(x)));
    }
    return all;
  }

  private Pooling pooling(LoadedModel loaded) {
    Optional<Pooling> own = loaded.info().pooling();
    if (own.filter(p -> p == Pooling.RANK).isPresent() || pooling == Pooling.RANK) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          model,
          "A reranker gives scores, and no vectors.",
          "Use `solebox rerank`, or another model.");
    }
    if (pooling != null) {
      return pooling;
    }
    if (own.isEmpty()) {
      console.error(
          "note: The model is made for answers and does not say how to make a vector; the last"
              + " token's is taken (--pooling says otherwise).");
    }
    return own.orElse(Pooling.LAST);
  }

  private List<int[]> inputs(LoadedModel loaded) {
    if (texts.ids != null) {
      return List.of(Inputs.ids(texts.ids, "--ids", loaded.info().vocabSize()));
    }
    List<String> lines =
        texts.text != null ? List.of(texts.text) : Inputs.lines(Inputs.text(console, texts.file));
    List<int[]> inputs = new ArrayList<>();
    for (String line : lines) {
      int[] ids = loaded.tokenizer().encode(line, Specials.AS_TEXT, true);
      if (ids.length > loaded.contextTokens()) {
        throw tooLong(inputs.size() + 1, ids.length, loaded.contextTokens());
      }
      inputs.add(ids);
    }
    return inputs;
  }

  private SoleboxException tooLong(int line, int tokens, int most) {
    return new SoleboxException(
        ErrorCode.CONTEXT_LENGTH_EXCEEDED,
        texts.text != null ? "-p" : texts.file + ", line " + line,
        "The text has %d tokens, and the context holds %d; nothing is cut.".formatted(tokens, most),
        "Split the text, or load the model with a larger --context if it has one.");
  }
}
