package io.solebox.backend.cuda.driver;

import static io.solebox.backend.cuda.driver.OnGpu.assertContains;
import static io.solebox.backend.cuda.driver.OnGpu.onGpu;
import static io.solebox.backend.cuda.driver.OnGpu.open;
import static io.solebox.backend.cuda.driver.OnGpu.refused;
import static io.solebox.backend.cuda.driver.OnGpu.scaling;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a GPU is opened, shared, lost and found again, on the fake driver. */
class CudaThreadTest {
  @Test
  void runsOutOfMemoryWithoutLosingAnything() {
    onGpu(
        FakeGpu.ampere().withMemory(1 << 20),
        g -> {
          var e = refused(() -> g.gpu().run(() -> DeviceMemory.allocate(g.gpu(), 2 << 20)));
          assertEquals(ErrorCode.OUT_OF_MEMORY, e.code());
          assertContains("cuMemAlloc_v2 failed: CUDA_ERROR_OUT_OF_MEMORY (2)", e.getMessage());
          assertContains("--context", e.remedy());
          assertFalse(g.gpu().lost());
          try (var memory = g.gpu().call(() -> DeviceMemory.allocate(g.gpu(), 1000))) {
            assertEquals((1 << 20) - 1000, DeviceMemory.info(g.gpu()).free());
            assertEquals(1000, memory.bytes());
          }
        });
  }

  @Test
  void comesBackFromAnIllegalAddress() {
    onGpu(
        FakeGpu.ampere(),
        g -> {
          scaling(
              g.gpu(),
              s -> {
                s.queue(3, Scaling.N + 1); // one too many
                var e = refused(s.stream::synchronize);
                assertEquals(ErrorCode.DEVICE_UNAVAILABLE, e.code());
                assertContains("CUDA_ERROR_ILLEGAL_ADDRESS (700)", e.getMessage());
                assertContains("Send the request again", e.remedy());
                assertContains(
                    "scale, block (7, 0, 0), thread 104, line", g.fake().faults().getFirst());
                throwLost(g.gpu(), e);
              });
          assertTrue(g.gpu().lost());
          refused(() -> DeviceMemory.info(g.gpu()));
          g.gpu().recover();
          assertFalse(g.gpu().lost());
          scaling(
              g.gpu(),
              s -> {
                s.queue(3, Scaling.N);
                s.stream.synchronize();
                assertEquals(3, s.first());
              });
        });
  }

  /** The loss is noted when the error passes the thread's loop. */
  private static void throwLost(CudaThread gpu, SoleboxException e) {
    gpu.noteLoss(e);
  }

  @Test
  void comesBackFromALaunchFailure() {
    onGpu(
        FakeGpu.ampere(),
        g -> {
          g.fake().failNext("cuMemGetInfo_v2", 719);
          var e = refused(() -> DeviceMemory.info(g.gpu()));
          assertEquals(719, CudaFailure.behind(e).orElseThrow().code());
          assertTrue(g.gpu().lost());
          int before = g.gpu().generation();
          g.gpu().recover();
          assertEquals(before + 1, g.gpu().generation());
          assertEquals(1L << 30, DeviceMemory.info(g.gpu()).free());
        });
  }

  @Test
  void virtualThreadsHandTheirWorkOver() throws InterruptedException {
    try (var fake = new FakeDriver(FakeGpu.ampere());
        CudaThread gpu = open(fake)) {
      var free = new AtomicReference<DeviceMemory.Info>();
      Thread.ofVirtual().start(() -> free.set(DeviceMemory.info(gpu))).join();
      assertEquals(1L << 30, free.get().total());
      assertEquals(List.of(), fake.faults());
      assertThrows(IllegalStateException.class, () -> DeviceMemory.allocate(gpu, 16));
    }
  }

  @Test
  void anInterruptDoesNotCutWorkShort() {
    try (var fake = new FakeDriver(FakeGpu.ampere());
        CudaThread gpu = open(fake)) {
      Thread.currentThread().interrupt();
      assertEquals(1L << 30, DeviceMemory.info(gpu).total());
      assertTrue(Thread.interrupted(), "the interrupt is kept for the caller");
    }
  }

  @Test
  void refusesWorkAfterItsEnd() {
    try (var fake = new FakeDriver(FakeGpu.ampere())) {
      CudaThread gpu = open(fake);
      gpu.close();
      gpu.close();
      assertEquals(ErrorCode.CLOSED, refused(() -> DeviceMemory.info(gpu)).code());
    }
  }

  @Test
  void aGpuThatCannotBeOpenedLeavesNothingBehind() {
    try (var fake = new FakeDriver(FakeGpu.ampere())) {
      fake.failNext("cuDevicePrimaryCtxRetain", 2);
      assertEquals(ErrorCode.OUT_OF_MEMORY, refused(() -> open(fake)).code());
      try (CudaThread gpu = open(fake)) {
        assertFalse(gpu.lost());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 46, 304, 400, 701, 704, 801})
  void aCallThatFailsAloneLosesNothing(int code) {
    onGpu(
        FakeGpu.ampere(),
        on -> {
          CudaThread gpu = on.gpu();
          on.fake().failNext("cuStreamCreate", code);
          refused(() -> gpu.run(() -> Stream.create(gpu)));
          assertFalse(gpu.lost());
          gpu.run(() -> Stream.create(gpu).close());
        });
  }
}
