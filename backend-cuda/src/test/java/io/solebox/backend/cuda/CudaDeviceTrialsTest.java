package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.WalkDepth;
import io.solebox.engine.backend.trial.WalkResult;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.testkit.Backends;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sound card passes: what the host expects of its arithmetic is what it gives. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceTrialsTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void burnsAreRight() {
    try (Backend backend = Backends.open("cuda", 1)) {
      DeviceTrials trials = backend.trials().orElseThrow();
      for (Burn burn : trials.burns()) {
        BurnResult result = trials.burn(burn, SHORT, Watch.none());
        assertEquals(0, result.wrong(), () -> burn.label() + ": " + result.firstWrong());
        assertTrue(result.checked() > 0, burn.label());
      }
    }
  }

  @Test
  void memoryAndCopiesAreSound() {
    try (Backend backend = Backends.open("cuda", 1)) {
      DeviceTrials trials = backend.trials().orElseThrow();
      WalkResult walk = trials.walk(WalkDepth.QUICK, Watch.none());
      assertEquals(0, walk.wrongWords(), () -> walk.first().toString());
      for (Copy copy : trials.copies()) {
        CopyResult result = trials.copy(copy, SHORT, Watch.none());
        assertEquals(0, result.wrongBytes(), copy::label);
      }
    }
  }
}
