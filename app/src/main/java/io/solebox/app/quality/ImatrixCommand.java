package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.StopWish;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.ModelUse;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.WatchedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.convert.FreeSpace;
import io.solebox.store.imatrix.ImportanceFiles;
import io.solebox.store.imatrix.ImportanceFiles.Format;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the weights of a model matter for. */
@Command(
    name = "imatrix",
    description =
        "Make an importance matrix: let a model read a text, and note what its weights are"
            + " multiplied with. `solebox quantize --imatrix` spends bits by it. Runs on the CPU.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ImatrixCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a model.")
  private String model;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The text, as UTF-8; - is stdin. Default: a text that comes with Solebox.")
  private Optional<String> file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "OUT",
      description = "Where to write: a name that ends in .gguf, or .dat for the older format.")
  private Path out;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "512",
      description = "Tokens of a chunk, each read by itself. Default: ${DEFAULT-VALUE}.")
  private int context;

  @Option(names = "--chunks", paramLabel = "N", description = "At most N chunks of the text.")
  private Optional<Integer> chunks;

  @Option(
      names = "--skip",
      paramLabel = "N",
      defaultValue = "0",
      description = "Leave out the first N chunks, as those that --from has read already.")
  private int skip;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Add to what this importance matrix has; it may be OUT.")
  private Optional<Path> from;

  @Option(names = "--threads", paramLabel = "N", description = "Default: one per core.")
  private Optional<Integer> threads;

  @Option(names = "--force", description = "Replace OUT where it exists.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  public ImatrixCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() {
    Format format = check();
    Path path = locator.locate(Optional.of(model));
    FreeSpace.requireFree(out, force || from.equals(Optional.of(out)));
    var before = from.map(ImportanceFiles::read);
    SampleText text = SampleText.of(console, file, SampleText.CALIBRATION);
    LoadOptions load = LoadOptions.defaults().withContext(context);
    int workers = threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    long start = System.nanoTime();
    try (var _ = ModelUse.of(path, load, "reads a text with it");
        Engine engine = Engine.open("cpu", workers);
        WatchedModel watched = load(engine, path, load);
        StopWish stop = StopWish.ofCtrlC()) {
      var reading =
          new ImportanceReading(watched, pieces(text, watched), before, text.name(), out, format);
      try (var bar = new ProgressBar(console, "reading")) {
        reading.run(skip, bar, stop::isWished);
      }
      report(new ImatrixReport(reading, text, out, (System.nanoTime() - start) / 1e9));
    }
    return 0;
  }

  private Format check() {
    require(context >= 2, "--context is " + context + ", but must be at least 2");
    require(skip >= 0, "--skip is " + skip + ", but must not be negative");
    chunks.ifPresent(n -> require(n >= 1, "--chunks is " + n + ", but must be at least 1"));
    threads.ifPresent(
        n ->
            require(
                n >= 1 && n <= Engine.MAX_THREADS,
                "--threads is " + n + ", but must be 1 to " + Engine.MAX_THREADS));
    String name = out.toString();
    boolean dat = name.endsWith(".dat");
    require(dat || name.endsWith(".gguf"), "--out is " + name + ", but must end in .gguf or .dat");
    return dat ? Format.DAT : Format.GGUF;
  }

  private void require(boolean ok, String message) {
    if (!ok) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private WatchedModel load(Engine engine, Path path, LoadOptions load) {
    engine.notes().forEach(note -> console.error("note: " + note));
    try (var bar = new ProgressBar(console, "loading " + ModelLocator.nameOf(path));
        LoadableModel found = engine.examine(path, load)) {
      WatchedModel watched = found.watch(bar);
      bar.wipe();
      watched.notes().forEach(note -> console.error("note: " + note));
      return watched;
    }
  }

  /** Of the text, at least one beyond those that are left out. */
  private Chunks pieces(SampleText text, WatchedModel watched) {
    OptionalInt most = chunks.map(n -> OptionalInt.of(skip + n)).orElseGet(OptionalInt::empty);
    var pieces =
        Chunks.of(
            text.text(), watched.tokenizer(), new Chunks.Wish(context, OptionalInt.empty(), most));
    long there = pieces.context() < context ? 0 : pieces.count();
    if (there <= skip) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          text.name(),
          "It has %d tokens, which make %s of %d, and %d are left out."
              .formatted(
                  pieces.tokens(), there == 1 ? "1 chunk" : there + " chunks", context, skip),
          "Give a longer text, or a smaller --context or --skip.");
    }
    return pieces;
  }

  private void report(ImatrixReport report) {
    if (json) {
      console.println(Json.text(report.fields()));
    } else {
      report.lines().forEach(console::println);
    }
    report.notes().forEach(note -> console.error("note: " + note));
  }
}
