package io.solebox.app.serve;

import io.solebox.app.session.Expected;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.Peek;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.Variant;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether models that are not here yet would fit beside what a server has loaded.
 *
 * @param options with which they would be loaded
 * @param scratch for files that are large holes
 */
record FitHere(Engine engine, LoadOptions options, Path scratch) {
  /** Empty where the source gives no parts of files, and for what this version cannot run. */
  Optional<Choice.Fit.Needs> needs(Variant variant, Source source, Outbound outbound)
      throws InterruptedException {
    Optional<Peek> peek = Peek.at(variant, source, outbound, scratch);
    if (peek.isEmpty()) {
      return Optional.empty();
    }
    try (Peek open = peek.get();
        LoadableModel model = engine.examine(open.file(), options)) {
      return Optional.of(Expected.needs(model.estimate()));
    } catch (SoleboxException e) {
      return Optional.empty(); // it may be wanted all the same
    }
  }
}
