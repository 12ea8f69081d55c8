package io.solebox.backend.cuda.driver;

import static io.solebox.backend.cuda.driver.OnGpu.assertContains;
import static io.solebox.backend.cuda.driver.OnGpu.onGpu;
import static io.solebox.backend.cuda.driver.OnGpu.refused;
import static io.solebox.backend.cuda.driver.OnGpu.scaling;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.backend.cuda.fake.TestPtx;
import io.solebox.engine.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bindings and the owners of device objects, on the fake driver. */
class DriverCallsTest {
  private static Module load(CudaThread gpu, String name, String ptx) {
    return Module.load(gpu, name, TestPtx.image(ptx));
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
          var e = refused(() -> g.gpu().run(() -> load(g.gpu(), "norm.ptx", TestPtx.scale())));
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
          var e = refused(() -> g.gpu().run(() -> load(g.gpu(), "scale.ptx", newer)));
          assertContains("CUDA_ERROR_NO_BINARY_FOR_GPU", e.getMessage());
          String later = TestPtx.scale().replace("7.8", "8.7");
          e = refused(() -> g.gpu().run(() -> load(g.gpu(), "scale.ptx", later)));
          assertContains("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", e.getMessage());
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
