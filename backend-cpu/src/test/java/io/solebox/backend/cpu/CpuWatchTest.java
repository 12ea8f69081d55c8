package io.solebox.backend.cpu;

import io.solebox.testkit.WatchConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuWatchTest extends WatchConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
