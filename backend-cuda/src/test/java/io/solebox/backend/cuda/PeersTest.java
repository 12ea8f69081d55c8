package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.DriverProbe;
import io.solebox.backend.cuda.driver.Patience;
import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is found out about the ways between two cards. */
class PeersTest {
  private static final long MIB = 1 << 20;

  private final FakeDriver fake =
      new FakeDriver(FakeGpu.ampere(), FakeGpu.ampere().withMemory(64 * MIB));
  private final Card first = new Card(0);
  private final Card second = new Card(1);

  private final class Card implements AutoCloseable {
    final CudaThread gpu;
    final Kernels kernels;
    final Peers peers;

    Card(int ordinal) {
      DriverProbe.Found found = DriverProbe.look(fake::lookup);
      gpu = CudaThread.open(found.driver(), found.usable().get(ordinal), Patience.NONE);
      kernels = new Kernels(gpu, Switches.USUAL);
      peers = new Peers(gpu, kernels);
    }

    @Override
    public void close() {
      gpu.run(kernels::close);
      gpu.close();
    }
  }

  @AfterEach
  void close() {
    second.close();
    first.close();
    assertEquals(List.of(), fake.leaks());
    fake.close();
  }

  private static String reason(PeerWay way) {
    return assertInstanceOf(PeerWay.ThroughHost.class, way).reason();
  }

  @Test
  void aWayIsTriedAndMeasuredOnce() {
    PeerWay way = first.peers.to(second.peers);
    assertInstanceOf(PeerWay.Direct.class, way);
    assertTrue(way.figures().orElseThrow().bytesPerSecond() > 0);
    int copies = fake.calls("cuMemcpyPeerAsync");
    assertEquals(way, first.peers.to(second.peers));
    assertEquals(copies, fake.calls("cuMemcpyPeerAsync"));
    assertEquals(List.of(), fake.faults());
  }

  @Test
  void aPairThatIsRefusedGoesThroughHostMemoryAndTheOtherWayDoesNot() {
    fake.bar(0, 1);
    PeerWay way = first.peers.to(second.peers);
    assertEquals("the driver does not let cuda:0 into the memory of cuda:1", reason(way));
    assertTrue(way.figures().isPresent());
    assertEquals(0, fake.calls("cuMemcpyPeerAsync"));
    assertInstanceOf(PeerWay.Direct.class, second.peers.to(first.peers));
  }

  @Test
  void aDriverThatSaysYesAndRefusesThenIsNotAsked() {
    fake.failNext("cuCtxEnablePeerAccess", 217);
    assertTrue(reason(first.peers.to(second.peers)).startsWith("the driver refuses it: "));
  }

  @Test
  void peersThatLieAreFoundAndAccessIsEndedAgain() {
    fake.lie(0, 1);
    assertEquals(
        "bytes that its kernels write do not arrive, though the driver lets cuda:0 into the memory"
            + " of cuda:1",
        reason(first.peers.to(second.peers)));
    assertEquals(1, fake.calls("cuCtxDisablePeerAccess"));
    assertEquals(List.of(), fake.faults());
  }

  /** The driver takes the way that it has, whichever side opened it. */
  @Test
  void whatOneSideLosesTheOtherLosesToo() {
    second.peers.to(first.peers);
    fake.lie(1, 0);
    assertTrue(reason(first.peers.to(second.peers)).startsWith("bytes that it copies there"));
  }

  @Test
  void aTryThatFailsLeavesTheWayThroughHostMemory() {
    fake.failAfter("cuStreamSynchronize", 4, 700);
    PeerWay way = first.peers.to(second.peers);
    assertTrue(reason(way).startsWith("a try failed, though"), way::describe);
    assertTrue(way.figures().isEmpty());
    for (Card card : List.of(first, second)) {
      if (card.gpu.lost()) {
        card.gpu.recover();
      }
    }
    assertEquals(way, first.peers.to(second.peers));
  }

  @Test
  void whereThereIsNoRoomNothingIsTried() {
    try (DeviceMemory all = second.gpu.call(() -> DeviceMemory.allocate(second.gpu, 60 * MIB))) {
      PeerWay way = first.peers.to(second.peers);
      assertEquals("there was no room to try it directly", reason(way));
      assertTrue(way.describe().contains("(not measured)"), way::describe);
    }
  }

  @Test
  void accessComesBackWithTheContextOfEither() {
    first.peers.to(second.peers);
    second.gpu.recover();
    first.peers.to(second.peers);
    first.gpu.recover();
    first.peers.to(second.peers);
    assertEquals(3, fake.calls("cuCtxEnablePeerAccess"));
    assertEquals(List.of(), fake.faults());
  }

  @Test
  void aCardThatIsLostIsSaidToBe() {
    first.peers.to(second.peers);
    second.gpu.recover();
    fake.unplug(0);
    var e = assertThrows(SoleboxException.class, () -> first.peers.to(second.peers));
    assertEquals(ErrorCode.DEVICE_UNAVAILABLE, e.code());
  }

  @Test
  void aCardThatWasOpenedTwiceReachesItself() {
    try (var again = new Card(0)) {
      assertInstanceOf(PeerWay.Direct.class, again.peers.to(first.peers));
    }
    assertEquals(0, fake.calls("cuCtxEnablePeerAccess"));
  }
}
