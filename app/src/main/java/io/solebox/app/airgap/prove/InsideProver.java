package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.kernel.Kernel;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Tries every way out in this process, which is behind the wall and so can start no other: no way
 * is tried without the gap, to compare with.
 *
 * @param version of this build
 * @param gap that holds this process
 */
record InsideProver(String version, AirGap.Closed gap) {
  private static final Answer WITHOUT =
      new Answer.NotTried("a process behind the wall starts none without");

  /** The kernel may end the thread that calls so, and here it would be one of the server's. */
  private static final String ENDED = "a thread of the server could be ended for it";

  /** Ways that say nothing here, or cost something, and why. */
  private static final Map<String, String> POINTLESS =
      Map.of(
          "process-file",
          "this process may read its own memory",
          "java-early-thread",
          "no thread of this was there before the gap",
          "connect-x32",
          ENDED,
          "code-int80",
          ENDED);

  /**
   * Takes some seconds.
   *
   * @throws SoleboxException {@code IO_ERROR} where it cannot be tried
   */
  Proof proof() throws InterruptedException {
    try {
      return prove();
    } catch (IOException e) {
      throw Prover.notTried(e);
    }
  }

  private Proof prove() throws IOException, InterruptedException {
    Kernel kernel = Kernel.of(Architecture.ofSystem().orElseThrow());
    Path folder = Files.createTempDirectory("solebox-airgap");
    try (var grounds = new OpenGrounds(kernel, folder);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      var rows = new ArrayList<Proof.Row>();
      for (Attempt attempt : AllAttempts.of(grounds.grounds(), kernel, thread)) {
        String pointless = POINTLESS.getOrDefault(attempt.id(), "");
        Answer with = pointless.isEmpty() ? attempt.answer() : new Answer.NotTried(pointless);
        rows.add(new Proof.Row(attempt.id(), attempt.what(), WITHOUT, with));
      }
      Map<String, Object> wall = Facts.ofWall(gap);
      rows.add(Facts.threads(wall));
      return new Proof(Facts.of(version, true, wall), List.copyOf(rows));
    } finally {
      Prover.delete(folder);
    }
  }
}
