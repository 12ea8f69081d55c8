package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  @Test
  void javaCanBeAskedForAndIsNotQuiet() {
    for (WarmUp.Mode mode : WarmUp.Mode.values()) {
      var java =
          assertInstanceOf(KernelChoice.Java.class, KernelChoice.of(Optional.of(mode.word())));
      assertEquals(mode, java.javaMode());
      assertTrue(java.notice().orElseThrow().contains("-Dsolebox.cpu.kernels=" + mode.word()));
    }
  }

  @Test
  void withoutTheLibraryJavaComputesAndSaysWhy() {
    switch (KernelChoice.of(Optional.empty())) {
      case KernelChoice.Native n -> {
        assertEquals(Optional.empty(), n.notice());
        assertTrue(n.describe().contains("the processor has"), n.describe());
      }
      case KernelChoice.Java java -> {
        assertTrue(java.notice().orElseThrow().contains(java.why().reason()));
        assertTrue(java.describe().contains(java.why().reason()));
        assertEquals(WarmUp.Mode.ADAPTIVE, java.javaMode());
      }
    }
  }

  @Test
  void whatIsAskedForIsNeverReplaced() {
    var unknown = assertThrows(SoleboxException.class, () -> KernelChoice.of(Optional.of("avx9")));
    assertEquals(ErrorCode.INVALID_PARAMETER, unknown.code());
    assertTrue(unknown.remedy().contains("avx512bf16"), unknown.remedy());

    String foreign = System.getProperty("os.arch").equals("aarch64") ? "avx2" : "neon";
    var unsupported =
        assertThrows(SoleboxException.class, () -> KernelChoice.of(Optional.of(foreign)));
    assertEquals(ErrorCode.DEVICE_UNAVAILABLE, unsupported.code());
    assertEquals("-Dsolebox.cpu.kernels=" + foreign, unsupported.place());
  }
}
