package io.solebox.app.backup;

import io.solebox.app.console.Environment;
import io.solebox.engine.backend.Progress;
import io.solebox.server.age.AgeKey;
import io.solebox.server.age.AgeLock;
import io.solebox.server.backup.BoxBackup;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Backups of this box for a server's pages. One is laid ready at a time. */
public final class OwnBackup implements BoxBackup {
  private static final String DOWNLOAD = "download";

  private final BackupPlaces places;
  private final String version;
  private final Clock clock;
  private final Optional<Runnable> restart;

  /**
   * @param state the folder of the server
   * @param version of this Solebox
   * @param restart ends the server, for whoever starts it again; empty where nobody does
   */
  public OwnBackup(
      Environment environment, Path state, String version, Optional<Runnable> restart) {
    this.restart = restart;
    this.places = BackupPlaces.of(environment, state);
    this.version = version;
    this.clock = Clock.systemUTC();
  }

  @Override
  public void write(AgeLock lock, boolean withModels, OutputStream out, Progress progress) {
    try {
      var written = new BackupWriter(places, version, clock).write(lock, withModels, out, progress);
      LastBackup.of(places).remember(written, DOWNLOAD);
    } catch (IOException e) {
      throw StoreFailure.of(places.data(), e);
    }
  }

  @Override
  public synchronized Map<String, Object> stage(InputStream sealed, AgeKey key, Progress progress) {
    return Staging.run(places, sealed, "backup", key, progress).told();
  }

  @Override
  public synchronized Optional<String> finish() {
    if (!Ready.isReady(places)) {
      return Optional.empty();
    }
    Replacement.Done done = new Replacement(places, clock).run();
    StringBuilder told = new StringBuilder("A backup was restored.");
    done.before().ifPresent(path -> told.append(" What was there before is in ").append(path));
    done.system().ifPresent(path -> told.append(" Settings of the machine are in ").append(path));
    return Optional.of(told.toString());
  }

  @Override
  public synchronized void discard() {
    try {
      Ready.discard(places);
    } catch (IOException e) {
      throw StoreFailure.of(Ready.folder(places), e);
    }
  }

  @Override
  public boolean restarts() {
    return restart.isPresent();
  }

  @Override
  public void restart() {
    restart.ifPresent(Runnable::run);
  }

  @Override
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("last", LastBackup.of(places).read().orElse(null));
    state.put("ready", Ready.find(places).map(Ready::told).orElse(null));
    return state;
  }
}
