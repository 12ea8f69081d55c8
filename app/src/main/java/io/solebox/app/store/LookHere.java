package io.solebox.app.store;

import io.solebox.app.console.Environment;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.Expected;
import io.solebox.app.session.OwnSpeeds;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * How models that are here would run on this machine. The heads of their files are read, and
 * nothing is loaded or measured: a list of many models must not take long.
 */
final class LookHere implements AutoCloseable {
  private final Engine engine;
  private final LoadOptions options;
  private final OwnSpeeds speeds;

  /**
   * @throws SoleboxException as {@link Engine#open} says
   */
  LookHere(EngineOptions options, Environment environment) {
    this.options = options.loadOptions(1);
    this.engine = options.open();
    this.speeds = new OwnSpeeds(environment, engine, options.kvType());
  }

  /**
   * What was seen of a model.
   *
   * @param answers whether it gives any, for which a speed could be expected
   * @param notes why it cannot run here
   */
  record Seen(Expected expected, boolean answers, List<String> notes) {
    static final Seen NOTHING = new Seen(Expected.UNKNOWN, false, List.of());

    /** For a table. */
    String words() {
      return notes.isEmpty() ? expected.here() : "cannot run";
    }
  }

  /**
   * @param file where it is; asking for it may be refused, as everything else
   */
  Seen of(Supplier<Path> file) {
    try (LoadableModel model = engine.examine(file.get(), options)) {
      return new Seen(Expected.of(model, speeds), model.decoding().isPresent(), List.of());
    } catch (SoleboxException e) {
      return new Seen(Expected.UNKNOWN, false, List.of(e.explanation()));
    }
  }

  /** Whether it is known how fast the device reads, on which speeds hang. */
  boolean knowsSpeed() {
    return speeds.ofMemory().isPresent();
  }

  @Override
  public void close() {
    engine.close();
  }
}
