package io.solebox.app.session;

import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.Speculation;
import io.solebox.store.layout.Leases;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Leases of those of a command's models that are in a store: nobody removes them meanwhile. */
public final class ModelUse implements AutoCloseable {
  private final List<Leases.Lease> leases = new ArrayList<>();

  private ModelUse() {}

  /**
   * @param options which may name a draft model
   * @param purpose for whoever would remove one, as in {@code runs it}
   */
  public static ModelUse of(Path file, LoadOptions options, String purpose) {
    return of(List.of(file), options, purpose);
  }

  /** The same of several. */
  public static ModelUse of(Collection<Path> files, LoadOptions options, String purpose) {
    var use = new ModelUse();
    try {
      files.forEach(file -> use.take(file, purpose));
      if (options.speculation() instanceof Speculation.DraftModel(Path draft, int _)) {
        use.take(draft, purpose);
      }
      return use;
    } catch (RuntimeException e) {
      use.close();
      throw e;
    }
  }

  private void take(Path file, String purpose) {
    ModelStore.holding(file)
        .ifPresent(
            store ->
                store
                    .manifestOf(file)
                    .ifPresent(manifest -> leases.add(store.leases().take(manifest, purpose))));
  }

  @Override
  public void close() {
    leases.forEach(Leases.Lease::close);
  }
}
