package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.FloatFile;
import io.solebox.app.console.Inputs;
import io.solebox.app.session.AdapterArgument;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All logits of a list of ids, as raw numbers. */
@Command(
    name = "logits",
    description =
        "Write the logits after each id: little-endian f32 [T, V], in f32 arithmetic with an F32 KV cache.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class LogitsCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a model.")
  private String model;

  @Option(
      names = "--ids",
      required = true,
      paramLabel = "1,2,3",
      description = "The ids, T of them.")
  private String ids;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write.")
  private Path out;

  @Mixin private AdapterArgument adapter;
  @Mixin private EngineOptions engine;

  public LogitsCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    Path file = locator.locate(Optional.of(model));
    var options =
        adapter.with(engine.loadOptions(1).withKvType(KvType.F32).withActivations(Activations.F32));
    try (var session = Session.openToAnswer(console, engine, file, options)) {
      LoadedModel loaded = session.model();
      int vocab = loaded.info().vocabSize();
      int[] tokens = Inputs.ids(ids, "--ids", vocab);
      write(loaded, tokens);
      console.error("%s: f32 [%d, %d]".formatted(out, tokens.length, vocab));
    }
    return 0;
  }

  private void write(LoadedModel loaded, int[] tokens) throws InterruptedException {
    try (var file = new FloatFile(out)) {
      loaded.logits(tokens, (_, row) -> file.write(row.toArray(ValueLayout.JAVA_FLOAT)));
    }
  }
}
