package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.ModelRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Loads a server's models in the background, one after the other so that they do not fight for the
 * disk, and owns them.
 */
final class ModelLoader {
  private final Console console;
  private final Engine engine;
  private final ModelRegistry registry;
  private final Map<String, Path> files;
  private final LoadOptions options;
  private final List<LoadedModel> loaded = new ArrayList<>();
  private final CountDownLatch allFailed = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("solebox-loader").unstarted(this::loadAll);
  private volatile boolean cancelled;

  /**
   * @param files by the names under which the models are offered
   */
  ModelLoader(
      Console console,
      Engine engine,
      ModelRegistry registry,
      Map<String, Path> files,
      LoadOptions options) {
    this.console = console;
    this.engine = engine;
    this.registry = registry;
    this.files = files;
    this.options = options;
    files.keySet().forEach(registry::loading);
  }

  void start() {
    thread.start();
  }

  /** Waits, forever if a model was loaded. */
  void awaitAllFailed() throws InterruptedException {
    allFailed.await();
  }

  /** Makes a running load stop soon. */
  void cancel() {
    cancelled = true;
  }

  /** Ends loading and closes the models; nobody may use them any more. */
  void close() throws InterruptedException {
    cancel();
    thread.join();
    loaded.forEach(LoadedModel::close);
  }

  private void loadAll() {
    files.forEach(this::load);
    if (loaded.isEmpty() && !cancelled) {
      allFailed.countDown();
    }
  }

  private void load(String name, Path file) {
    if (cancelled) {
      return;
    }
    long start = System.nanoTime();
    try (var bar = new ProgressBar(console, "loading " + name)) {
      LoadedModel model = engine.load(file, options, registry.progress(name, cancellable(bar)));
      bar.wipe();
      loaded.add(model);
      registry.ready(name, model);
      console.error(
          String.format(
              Locale.ROOT,
              "%s is ready after %.1f s, context of %d tokens.",
              name,
              (System.nanoTime() - start) / 1e9,
              model.contextTokens()));
      model.notes().forEach(note -> console.error("note: " + name + ": " + note));
    } catch (SoleboxException e) {
      registry.failed(name, e);
      console.error("solebox: " + e.describe());
    } catch (RuntimeException | Error e) {
      registry.failed(
          name,
          new SoleboxException(
              ErrorCode.INTERNAL_ERROR,
              file.toString(),
              "An error in Solebox: " + e,
              "Please report this, with what SOLEBOX_DEBUG=1 prints.",
              e));
      console.error("solebox: an error in Solebox itself: " + e);
    }
  }

  private Progress cancellable(Progress bar) {
    return new Progress() {
      @Override
      public void report(String stage, double fraction) {
        bar.report(stage, fraction);
      }

      @Override
      public boolean cancelled() {
        return cancelled;
      }
    };
  }
}
