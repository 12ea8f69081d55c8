package io.solebox.app.model;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Inputs;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
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
  private static final ValueLayout.OfFloat FLOAT_LE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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

  @Mixin private EngineOptions engine;

  public LogitsCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    Path file = locator.locate(Optional.of(model));
    var options = engine.loadOptions(1).withKvType(KvType.F32).withActivations(Activations.F32);
    try (var session = Session.open(console, engine, file, options)) {
      LoadedModel loaded = session.model();
      int vocab = loaded.info().vocabSize();
      int[] tokens = Inputs.ids(ids, "--ids", vocab);
      write(loaded, tokens);
      console.error("%s: f32 [%d, %d]".formatted(out, tokens.length, vocab));
    }
    return 0;
  }

  private void write(LoadedModel loaded, int[] tokens) throws InterruptedException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(out), 1 << 20)) {
      loaded.logits(tokens, (_, row) -> write(file, row));
    } catch (UncheckedIOException | IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          out.toString(),
          "It cannot be written: " + e.getMessage(),
          "Check the folder's permissions and the free space.",
          e);
    }
  }

  private static void write(OutputStream file, MemorySegment row) {
    byte[] bytes = new byte[Math.toIntExact(row.byteSize())];
    MemorySegment target = MemorySegment.ofArray(bytes);
    for (long i = 0; i < row.byteSize(); i += Float.BYTES) {
      target.set(FLOAT_LE, i, row.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
    }
    try {
      file.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
