package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.backend.BackendProvider;
import org.junit.jupiter.api.Test;

class CpuBackendProviderTest {
  private final BackendProvider provider = new CpuBackendProvider();

  @Test
  void isFoundAsAServiceAndChosenBeforeTheReference() {
    var found = Engine.devices();
    assertTrue(found.stream().anyMatch(f -> f.name().equals("cpu")), found.toString());
    assertTrue(found.stream().noneMatch(f -> f.name().equals("reference") && f.chosen()));
  }

  @Test
  void findsTheProcessorAndSaysWhatItIs() {
    var usable = assertInstanceOf(BackendProvider.Probe.Usable.class, provider.probe());
    assertTrue(usable.score() > 0, "chosen before the scalar reference");
    assertEquals(1, usable.devices().size());
    assertTrue(usable.devices().getFirst().memoryBytes() > 0);
    assertFalse(usable.notes().isEmpty());
  }

  @Test
  void opensWithAsManyThreadsAsAsked() {
    var usable = (BackendProvider.Probe.Usable) provider.probe();
    var device = usable.devices().getFirst();
    int before = Thread.activeCount();
    try (var backend = provider.open(device, new BackendProvider.Options(1))) {
      assertTrue(backend.describe().contains("1 thread,"), backend.describe());
      assertEquals(before, Thread.activeCount());
    }
    try (var backend = provider.open(device, new BackendProvider.Options(3))) {
      assertTrue(backend.describe().contains("3 threads,"), backend.describe());
    }
    var none = new BackendProvider.Options(0);
    assertThrows(IllegalArgumentException.class, () -> provider.open(device, none));
  }
}
