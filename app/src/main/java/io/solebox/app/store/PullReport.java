package io.solebox.app.store;

import io.solebox.engine.backend.Progress;
import io.solebox.store.layout.Generation;
import io.solebox.store.pull.PullListener;
import java.util.concurrent.Callable;

/** What a person, or a script, hears of a pull. */
interface PullReport extends PullListener, AutoCloseable {
  /** What will be fetched. */
  void plan(PullPlan plan);

  /** How what comes after fetching goes on; ends with the report. */
  Progress stage();

  void done(String name, Generation pulled);

  /** How to go on when it is ended from outside. */
  void interrupted();

  /** Runs the pull so that Ctrl-C says what becomes of it. */
  default Generation during(Callable<Generation> pull) throws Exception {
    Thread hook = new Thread(this::interrupted);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return pull.call();
    } finally {
      removeHook(hook);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has been run.
    }
  }

  @Override
  void close();
}
