package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.backend.cuda.fake.TestPtx;
import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bindings and owners, on the fake driver. */
class CudaThreadTest {
  private static CudaThread open(FakeDriver fake) {
    DriverProbe.Found found = DriverProbe.look(fake::lookup);
    return CudaThread.open(found.driver(), found.usable().getFirst());
  }

  /** On a fake GPU that must be left as clean as it was. */
  private static void onGpu(FakeGpu kind, Consumer<FakeDriverAndThread> test) {
    try (var fake = new FakeDriver(kind)) {
      try (CudaThread gpu = open(fake)) {
        test.accept(new FakeDriverAndThread(fake, gpu));
      }
      assertEquals(List.of(), fake.leaks());
    }
  }

  private record FakeDriverAndThread(FakeDriver fake, CudaThread gpu) {}

  private static SoleboxException refused(Runnable work) {
    return assertThrows(SoleboxException.class, work::run);
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @Test
  void aLibraryThatIsNotThereIsSaidSo() {
    SoleboxException e = refused(() -> CudaDriver.library("libno-such-cuda.so.1"));
    assertEquals(ErrorCode.DEVICE_UNAVAILABLE, e.code());
    assertContains("libno-such-cuda.so.1 cannot be loaded", e.getMessage());
    assertContains("520", e.remedy());
  }

  /** Copies to the device, scales there and copies back. */
  private static final class Scaling implements AutoCloseable {
    private static final int N = 1000;
    final CudaThread gpu;
    final Stream stream;
    final Module module;
    final DeviceMemory x;
    final DeviceMemory out;
    final PinnedMemory host;
    final Arena arena = Arena.ofConfined();
    final Arguments arguments = new Arguments(arena, 4);

    Scaling(CudaThread gpu) {
      this.gpu = gpu;
      stream = Stream.create(gpu);
      module = Module.load(gpu, "scale.ptx", TestPtx.scale());
      x = DeviceMemory.allocate(gpu, 4 * N);
      out = DeviceMemory.allocate(gpu, 4 * N);
      host = PinnedMemory.allocate(gpu, 4 * N);
      for (int i = 0; i < N; i++) {
        host.segment().setAtIndex(JAVA_FLOAT, i, i);
      }
    }

    void queue(float factor, int n) {
      stream.upload(host.segment(), x.address());
      arguments.start().pointer(out).pointer(x).real(factor).integer(n);
      stream.launch(module.kernel("scale"), Grid.of(8, 128), arguments);
      arguments.start().pointer(0).pointer(0).real(0).integer(0); // copied already
      stream.download(out.address(), host.segment());
    }

    float first() {
      return host.segment().getAtIndex(JAVA_FLOAT, 1);
    }

    @Override
    public void close() {
      List.of(host, out, x, module, stream).forEach(Scaling::closeQuietly);
      arena.close();
    }

    private static void closeQuietly(AutoCloseable owner) {
      try {
        owner.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void scaling(CudaThread gpu, Consumer<Scaling> work) {
    gpu.run(
        () -> {
          try (var scaling = new Scaling(gpu)) {
            work.accept(scaling);
          }
        });
  }

  @Test
  void launchesAndCopiesWhenSomebodyWaits() {
    onGpu(
        FakeGpu.volta(),
        g ->
            scaling(
                g.gpu(),
                s -> {
                  s.queue(3, Scaling.N);
                  assertEquals(1, s.first(), "nothing has run yet");
                  s.stream.synchronize();
                  assertEquals(3, s.first());
                }));
  }

  @Test
  void replaysAGraph() {
    onGpu(
        FakeGpu.volta(),
        g ->
            scaling(
                g.gpu(),
                s -> {
                  try (Graph graph = s.stream.capture(() -> s.queue(2, Scaling.N))) {
                    for (int replay = 1; replay <= 3; replay++) {
                      s.stream.launch(graph);
                      s.stream.synchronize();
                      assertEquals(1 << replay, s.first());
                    }
                  }
                  assertEquals(3, g.fake().launches().get("scale"));
                }));
  }

  @Test
  void launchingEarlyNeedsAKernelThatWaits() {
    onGpu(
        FakeGpu.hopper(),
        g ->
            scaling(
                g.gpu(),
                s -> {
                  s.arguments.start().pointer(s.out).pointer(s.x).real(1).integer(1);
                  var e =
                      refused(
                          () ->
                              s.stream.launchEarly(
                                  s.module.kernel("scale"), Grid.of(1, 32), s.arguments));
                  assertContains("cuLaunchKernelEx", e.getMessage());
                  assertContains("griddepcontrol.wait", g.fake().faults().getFirst());
                }));
  }

  @Test
  void ordersStreamsByEvents() {
    onGpu(
        FakeGpu.ampere(),
        g ->
            scaling(
                g.gpu(),
                s -> {
                  try (Stream other = Stream.create(s.gpu);
                      Event done = Event.create(s.gpu);
                      PinnedMemory copy = PinnedMemory.allocate(s.gpu, 4 * Scaling.N)) {
                    s.queue(5, Scaling.N);
                    s.stream.record(done);
                    other.waitFor(done);
                    other.download(s.out.address(), copy.segment());
                    other.synchronize();
                    assertEquals(5, copy.segment().getAtIndex(JAVA_FLOAT, 1));
                    s.stream.synchronize();
                  }
                }));
  }

  @Test
  void showsTheCompilersLog() {
    onGpu(
        FakeGpu.ampere(),
        g -> {
          g.fake().refusePtx("ptxas application ptx input, line 7; error: no such thing");
          var e =
              refused(() -> g.gpu().run(() -> Module.load(g.gpu(), "norm.ptx", TestPtx.scale())));
          assertEquals(ErrorCode.DEVICE_UNAVAILABLE, e.code());
          assertEquals("norm.ptx", e.place());
          assertContains("CUDA_ERROR_INVALID_PTX", e.getMessage());
          assertContains("line 7; error: no such thing", e.getMessage());
          assertContains("Update the NVIDIA driver", e.remedy());
        });
  }

  @Test
  void refusesPtxForANewerCardAndANewerDriver() {
    onGpu(
        FakeGpu.volta(),
        g -> {
          String newer = TestPtx.scale().replace("sm_70", "sm_80");
          var e = refused(() -> g.gpu().run(() -> Module.load(g.gpu(), "scale.ptx", newer)));
          assertContains("CUDA_ERROR_NO_BINARY_FOR_GPU", e.getMessage());
          String later = TestPtx.scale().replace("7.8", "8.7");
          e = refused(() -> g.gpu().run(() -> Module.load(g.gpu(), "scale.ptx", later)));
          assertContains("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", e.getMessage());
        });
  }

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

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 16 << 10, 64 << 10})
  void copiesWhateverThePageSizeIs(int page) {
    onGpu(
        FakeGpu.hopper().withPage(page),
        g ->
            g.gpu()
                .run(
                    () -> {
                      for (int bytes :
                          new int[] {1, 4095, page - 1, page, page + 1, 3 * page + 7}) {
                        roundTrip(g.gpu(), bytes);
                      }
                    }));
  }

  private static void roundTrip(CudaThread gpu, int bytes) {
    try (Stream stream = Stream.create(gpu);
        DeviceMemory memory = DeviceMemory.allocate(gpu, bytes);
        PinnedMemory from = PinnedMemory.allocate(gpu, bytes);
        PinnedMemory to = PinnedMemory.allocate(gpu, bytes)) {
      for (int i = 0; i < bytes; i++) {
        from.segment().set(JAVA_BYTE, i, (byte) (i * 31));
      }
      stream.upload(from.segment(), memory.address());
      stream.download(memory.address(), to.segment());
      stream.synchronize();
      assertEquals(-1, from.segment().mismatch(to.segment()));
    }
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

  @Test
  void aPlainPointerIsNoPinnedMemory() {
    onGpu(
        FakeGpu.ampere(),
        g ->
            scaling(
                g.gpu(),
                s -> {
                  var e = refused(() -> s.stream.upload(s.arena.allocate(16), s.x.address()));
                  assertEquals(ErrorCode.INTERNAL_ERROR, e.code());
                  assertContains("are not pinned", g.fake().faults().getFirst());
                }));
  }
}
