package io.solebox.backend.cpu;

import io.solebox.testkit.FolderConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuFolderTest extends FolderConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
