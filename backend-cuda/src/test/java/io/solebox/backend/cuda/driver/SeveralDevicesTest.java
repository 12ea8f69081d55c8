package io.solebox.backend.cuda.driver;

import static io.solebox.backend.cuda.driver.OnGpu.assertContains;
import static io.solebox.backend.cuda.driver.OnGpu.refused;
import static io.solebox.backend.cuda.driver.OnGpu.scaling;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.error.ErrorCode;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two cards of one driver: what is one's is not the other's. */
class SeveralDevicesTest {
  private final FakeDriver fake = new FakeDriver(FakeGpu.ampere(), FakeGpu.volta());
  private final DriverProbe.Found found = DriverProbe.look(fake::lookup);

  @AfterEach
  void close() {
    fake.close();
  }

  private CudaThread open(int ordinal) {
    return CudaThread.open(found.driver(), found.usable().get(ordinal), Patience.NONE);
  }

  private void onBoth(BiConsumer<Scaling, CudaThread> test) {
    try (CudaThread first = open(0);
        CudaThread second = open(1)) {
      scaling(second, s -> test.accept(s, first));
    }
  }

  @Test
  void bothWorkAndLeaveNothingBehind() {
    try (CudaThread first = open(0);
        CudaThread second = open(1)) {
      for (CudaThread gpu : List.of(first, second)) {
        scaling(
            gpu,
            s -> {
              s.queue(3, Scaling.N);
              s.stream.synchronize();
              assertEquals(3, s.first());
            });
      }
    }
    assertEquals(List.of(), fake.leaks());
    assertEquals(List.of(), fake.faults());
  }

  /** Nobody has asked for access to the memory of the other card. */
  @Test
  void aKernelThatTouchesTheMemoryOfTheOtherCardIsFound() {
    onBoth(
        (s, other) -> {
          long theirs = DeviceMemory.allocate(s.gpu, 4096).address();
          scalingFrom(other, theirs);
        });
    assertContains("in the memory of device 1", fake.faults().getLast());
  }

  private static void scalingFrom(CudaThread gpu, long x) {
    var e =
        refused(
            () ->
                scaling(
                    gpu,
                    s -> {
                      s.arguments.start().pointer(s.out).pointer(x).real(1).integer(1);
                      s.stream.launch(s.module.kernel("scale"), Grid.of(1, 32), s.arguments);
                      s.stream.synchronize();
                    }));
    assertEquals(ErrorCode.DEVICE_UNAVAILABLE, e.code());
    assertEquals("cuda:0", e.place());
  }

  @Test
  void copiesAndStreamsOfTheOtherCardAreRefused() {
    onBoth(
        (s, other) -> {
          long theirs = s.x.address();
          scaling(
              other,
              mine -> {
                assertContains(
                    "cuMemcpyHtoDAsync",
                    refused(() -> mine.stream.upload(mine.host.segment(), theirs)).getMessage());
              });
        });
    assertContains("in the memory of device 1", fake.faults().getLast());
  }

  @Test
  void whoMayReachWhomIsAskedOfEachPair() {
    GpuInfo first = found.usable().getFirst();
    GpuInfo second = found.usable().getLast();
    fake.bar(0, 1);
    assertEquals(List.of(), found.peers(first));
    assertEquals(List.of(first), found.peers(second));
  }

  @Test
  void aCardThatIsGoneLeavesTheOtherAlone() {
    try (CudaThread first = open(0);
        CudaThread second = open(1)) {
      fake.unplug(1);
      assertEquals(
          ErrorCode.DEVICE_UNAVAILABLE,
          refused(() -> second.run(() -> Stream.create(second))).code());
      assertTrue(second.lost());
      assertEquals(ErrorCode.DEVICE_UNAVAILABLE, refused(second::recover).code());
      scaling(
          first,
          s -> {
            s.queue(2, Scaling.N);
            s.stream.synchronize();
            assertEquals(2, s.first());
          });
      fake.plug(1);
      second.recover();
      assertFalse(second.lost());
      second.run(() -> Stream.create(second).close());
    }
  }
}
