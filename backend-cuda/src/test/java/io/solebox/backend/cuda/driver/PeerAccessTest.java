package io.solebox.backend.cuda.driver;

import static io.solebox.backend.cuda.driver.OnGpu.assertContains;
import static io.solebox.backend.cuda.driver.OnGpu.refused;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.backend.cuda.fake.TestPtx;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two cards do in each other's memory, and in memory of the host that both have. */
class PeerAccessTest {
  private static final int BYTES = 4096;
  private static final int MINE = 7;

  /** Says to the other that it is there, waits for it, and counts what it has seen. */
  private static final String MEET =
      TestPtx.kernel(
          "meet",
          ".u64 mine, .u64 theirs, .u64 seen",
          """
          ld.param.u64 %d1, [mine];
          ld.param.u64 %d2, [theirs];
          ld.param.u64 %d3, [seen];
          mov.u32 %r1, 7;
          st.global.u32 [%d1], %r1;
          $WAIT:
          nanosleep.u32 20;
          ld.relaxed.sys.global.u32 %r2, [%d2];
          setp.ne.u32 %p1, %r2, 7;
          @%p1 bra $WAIT;
          atom.global.add.u32 %r3, [%d3], %r2;
          """);

  private final FakeDriver fake = new FakeDriver(FakeGpu.ampere(), FakeGpu.ampere());
  private CudaThread first;
  private CudaThread second;

  @BeforeEach
  void open() {
    DriverProbe.Found found = DriverProbe.look(fake::lookup);
    first = CudaThread.open(found.driver(), found.usable().getFirst(), Patience.NONE);
    second = CudaThread.open(found.driver(), found.usable().getLast(), Patience.NONE);
  }

  @AfterEach
  void close() {
    second.close();
    first.close();
    assertEquals(List.of(), fake.leaks());
    fake.close();
  }

  /** A card of the pair with memory, a stream, and memory of the host. */
  private static final class Card implements AutoCloseable {
    final CudaThread gpu;
    final DeviceMemory memory;
    final PinnedMemory host;
    final Stream stream;

    Card(CudaThread gpu) {
      this.gpu = gpu;
      memory = gpu.call(() -> DeviceMemory.allocate(gpu, BYTES));
      host = gpu.call(() -> PinnedMemory.allocate(gpu, BYTES));
      stream = gpu.call(() -> Stream.create(gpu));
    }

    void set(int value) {
      host.segment().set(JAVA_INT, 0, value);
      gpu.run(
          () -> {
            stream.upload(host.segment(), memory.address());
            stream.synchronize();
          });
    }

    int get() {
      gpu.run(
          () -> {
            stream.download(memory.address(), host.segment());
            stream.synchronize();
          });
      return host.segment().get(JAVA_INT, 0);
    }

    void copyTo(Card other) {
      gpu.run(
          () -> {
            stream.copy(gpu, memory.address(), other.gpu, other.memory.address(), BYTES);
            stream.synchronize();
          });
    }

    /** Runs {@link #MEET} to its end. */
    void meet(long mine, long theirs) {
      gpu.run(
          () -> {
            try (var arena = Arena.ofConfined();
                Module module = Module.load(gpu, "meet.ptx", TestPtx.image(MEET))) {
              var arguments = new Arguments(arena, 3);
              arguments.start().pointer(mine).pointer(theirs).pointer(memory);
              stream.launch(module.kernel("meet"), Grid.of(1, 1), arguments);
              stream.synchronize();
            }
          });
    }

    @Override
    public void close() {
      stream.close();
      host.close();
      memory.close();
    }
  }

  @Test
  void aKernelReachesWhomItWasLetIntoAndThatAlone() {
    try (var a = new Card(first);
        var b = new Card(second)) {
      a.set(0);
      b.set(MINE);
      assertTrue(PeerAccess.allowed(first, second));
      PeerAccess.enable(first, second);
      PeerAccess.enable(first, second);
      a.meet(b.memory.address() + 4, b.memory.address());
      assertEquals(MINE, a.get());
      b.get();
      assertEquals(MINE, b.host.segment().get(JAVA_INT, 4));

      refused(() -> b.meet(a.memory.address(), a.memory.address())); // the other way
      assertContains("in the memory of device 0", fake.faults().getLast());
    }
  }

  @Test
  void accessGoesWithTheContextOfEither() {
    PeerAccess.enable(first, second);
    try (var old = new Card(second)) {
      refused(() -> old.meet(0, 0));
    }
    second.recover();
    try (var a = new Card(first);
        var b = new Card(second)) {
      b.set(MINE);
      refused(() -> a.meet(b.memory.address(), b.memory.address()));
      assertContains("in the memory of device 1", fake.faults().getLast());
    }
  }

  @Test
  void aPairThatTheDriverRefusesIsRefusedAloneInOneDirection() {
    fake.bar(0, 1);
    assertFalse(PeerAccess.allowed(first, second));
    assertContains(
        "CUDA_ERROR_PEER_ACCESS_UNSUPPORTED",
        refused(() -> PeerAccess.enable(first, second)).getMessage());
    PeerAccess.enable(second, first);
  }

  @Test
  void copiesArriveWithAccessAndWithout() {
    try (var a = new Card(first);
        var b = new Card(second)) {
      a.set(5);
      b.set(0);
      a.copyTo(b);
      assertEquals(5, b.get());
      PeerAccess.enable(first, second);
      a.set(6);
      a.copyTo(b);
      assertEquals(6, b.get());
    }
  }

  /** What no return code says. */
  @Test
  void aPeerThatLiesLosesCopiesOnceThereIsAccess() {
    fake.lie(0, 1);
    try (var a = new Card(first);
        var b = new Card(second)) {
      a.set(5);
      b.set(0);
      PeerAccess.enable(first, second);
      a.copyTo(b);
      assertEquals(0, b.get());
    }
    assertEquals(List.of(), fake.faults());
  }

  @Test
  void streamsWaitForEventsOfTheOtherCard() {
    try (var a = new Card(first);
        var b = new Card(second);
        var done = first.call(() -> Event.create(first))) {
      b.set(0);
      a.host.segment().set(JAVA_INT, 0, 9);
      first.run(
          () -> {
            a.stream.upload(a.host.segment(), a.memory.address());
            a.stream.copy(first, a.memory.address(), second, b.memory.address(), BYTES);
            a.stream.record(done);
          });
      second.run(() -> b.stream.waitFor(done));
      assertEquals(9, b.get());
    }
  }

  /** Each begins without the other, so that they must run side by side. */
  @Test
  void kernelsOfTwoCardsMeetInMemoryOfTheHost() {
    PinnedMemory shared = first.call(() -> PinnedMemory.allocateShared(first, BYTES));
    try (var a = new Card(first);
        var b = new Card(second)) {
      MemorySegment host = shared.segment();
      host.fill((byte) 0);
      a.set(0);
      b.set(1);
      long here = shared.addressFor(first);
      long there = shared.addressFor(second);
      var other = CompletableFuture.runAsync(() -> b.meet(there + 4, there));
      a.meet(here, here + 4);
      other.join();
      assertEquals(MINE, a.get());
      assertEquals(MINE + 1, b.get());
      assertEquals(MINE, host.get(JAVA_INT, 4));
    } finally {
      shared.close();
    }
  }

  @Test
  void memoryOfTheHostIsMappedForThoseItWasMadeFor() {
    try (var a = new Card(first)) {
      refused(() -> a.host.addressFor(first));
      refused(() -> a.host.addressFor(second));
    }
  }
}
