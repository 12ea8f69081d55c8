package io.solebox.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.function.Consumer;

/** A fake GPU and its thread, as the tests of this package use them. */
final class OnGpu {
  private OnGpu() {}

  /** The thread of its first GPU. */
  static CudaThread open(FakeDriver fake) {
    DriverProbe.Found found = DriverProbe.look(fake::lookup);
    return CudaThread.open(found.driver(), found.usable().getFirst(), Patience.DEFAULT);
  }

  /** On a fake GPU that must be left as clean as it was. */
  static void onGpu(FakeGpu kind, Consumer<Gpu> test) {
    try (var fake = new FakeDriver(kind)) {
      try (CudaThread gpu = open(fake)) {
        test.accept(new Gpu(fake, gpu));
      }
      assertEquals(List.of(), fake.leaks());
    }
  }

  record Gpu(FakeDriver fake, CudaThread gpu) {}

  static SoleboxException refused(Runnable work) {
    return assertThrows(SoleboxException.class, work::run);
  }

  static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  static void scaling(CudaThread gpu, Consumer<Scaling> work) {
    gpu.run(
        () -> {
          try (var scaling = new Scaling(gpu)) {
            work.accept(scaling);
          }
        });
  }
}
