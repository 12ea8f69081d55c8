package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Inputs;
import io.solebox.app.console.Json;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Texts by how well they suit a question. */
@Command(
    name = "rerank",
    description = "Print texts by how well they suit a question, the best first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RerankCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a reranker.")
  private String model;

  @Option(names = "-q", required = true, paramLabel = "TEXT", description = "The question.")
  private String query;

  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description = "A text per line; - is stdin.")
  private String file;

  @Option(
      names = "--json",
      description = "Print a JSON array: index (of the line, from 0), score and text of each.")
  private boolean json;

  @Mixin private AdapterArgument adapter;
  @Mixin private EngineOptions engine;

  public RerankCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  /** A text with its score. */
  private record Ranked(int index, float score, String text) {
    Map<String, Object> fields() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("index", index);
      fields.put("score", Double.parseDouble(Float.toString(score)));
      fields.put("text", text);
      return fields;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    Path path = locator.locate(Optional.of(model));
    List<String> lines = Inputs.lines(Inputs.text(console, file));
    var options = adapter.with(engine.loadOptions(1).withKvType(KvType.F32));
    List<Ranked> ranked = new ArrayList<>();
    try (var session = Session.open(console, engine, path, options)) {
      LoadedModel loaded = session.model();
      loaded.requireRanking();
      for (String line : lines) {
        float score = loaded.rank(loaded.pairs().encode(query, line));
        ranked.add(new Ranked(ranked.size(), score, line));
      }
    }
    ranked.sort(Comparator.comparingDouble(r -> -r.score()));
    if (json) {
      console.println(Json.text(ranked.stream().map(Ranked::fields).toList()));
    } else {
      ranked.forEach(r -> console.println(line(r)));
    }
    return 0;
  }

  private static String line(Ranked r) {
    return String.format(
        Locale.ROOT, "%8.4f  %4d  %s", r.score(), r.index() + 1, Printable.line(r.text()));
  }
}
