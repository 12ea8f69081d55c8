package io.solebox.server;

import io.solebox.engine.spill.FileSeal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The seal of a server's saved prefixes for models that are loaded by it, although it is not there
 * yet when it is said how to load them. Safe for many threads.
 */
final class LateSeal implements FileSeal {
  private Optional<Supplier<FileSeal>> later = Optional.empty(); // guarded by this, as the next
  private Optional<FileSeal> made = Optional.empty();

  /**
   * That of the server that runs with it.
   *
   * @param seal asked when the first model wants to save something, and once
   */
  synchronized void is(Supplier<FileSeal> seal) {
    later = Optional.of(seal);
    made = Optional.empty();
  }

  private synchronized FileSeal seal() {
    if (made.isEmpty()) {
      made =
          Optional.of(
              later
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "a model is loaded before its server has begun"))
                  .get());
    }
    return made.get();
  }

  @Override
  public String mark() {
    return seal().mark();
  }

  @Override
  public String secret() {
    return seal().secret();
  }

  @Override
  public long sealedBytes(long bytes) {
    return seal().sealedBytes(bytes);
  }

  @Override
  public long openBytes(long sealed) {
    return seal().openBytes(sealed);
  }

  @Override
  public OutputStream write(Path file, String name) throws IOException {
    return seal().write(file, name);
  }

  @Override
  public InputStream read(Path file, String name) throws IOException {
    return seal().read(file, name);
  }
}
