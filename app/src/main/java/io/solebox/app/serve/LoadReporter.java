package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.LoadWatcher;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Tells the console what a server loads and unloads. */
final class LoadReporter implements LoadWatcher {
  private final Console console;
  private final Set<String> untried;
  private final CountDownLatch allFailed = new CountDownLatch(1);
  private ProgressBar bar;
  private long start;
  private boolean anyReady;

  /**
   * @param names of the models that are loaded at the start
   */
  LoadReporter(Console console, Set<String> names) {
    this.console = console;
    this.untried = new HashSet<>(names);
    this.bar = new ProgressBar(console, "");
  }

  /** Waits until each model has failed; forever once one was loaded. */
  void awaitAllFailed() throws InterruptedException {
    allFailed.await();
  }

  @Override
  public Progress loading(String name) {
    start = System.nanoTime();
    bar = new ProgressBar(console, "loading " + name);
    return bar;
  }

  @Override
  public void ready(String name, LoadedModel model) {
    bar.close();
    anyReady = true;
    console.error(
        String.format(
            Locale.ROOT,
            "%s is ready after %.1f s, context of %d tokens.",
            name,
            (System.nanoTime() - start) / 1e9,
            model.contextTokens()));
    model.notes().forEach(note -> console.error("note: " + name + ": " + note));
  }

  @Override
  public void failed(String name, SoleboxException error) {
    bar.close();
    console.error("solebox: " + error.describe());
    untried.remove(name);
    if (untried.isEmpty() && !anyReady) {
      allFailed.countDown();
    }
  }

  @Override
  public void unloaded(String name, String other) {
    console.error(name + " was unloaded: " + other + " needs its memory.");
  }

  @Override
  public void expired(String name) {
    console.error(name + " was unloaded: nobody used it.");
  }

  @Override
  public void dismissed(String name) {
    console.error(name + " was unloaded: somebody asked for it.");
  }

  @Override
  public void evacuated(String name, SoleboxException why) {
    console.error(name + " was unloaded at once: the hardware must not work any more.");
  }

  @Override
  public void abandoned(String name) {
    bar.close();
    console.error(name + " is not loaded any further: somebody asked to unload it.");
  }
}
