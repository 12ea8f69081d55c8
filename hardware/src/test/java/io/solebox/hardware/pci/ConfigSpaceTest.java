package io.solebox.hardware.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigSpaceTest {
  /** A GPU: capabilities 01 and 10, extended ones 0001 and 0015, a BAR1 that may be resized. */
  private static ByteBuffer gpu() {
    ByteBuffer space = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    space.putInt(0x00, 0x1db510de).putShort(0x06, (short) 0x0010);
    space.putInt(0x14, 0x0000000c).put(0x34, (byte) 0x60); // 64 bits, prefetchable, no place
    space.putShort(0x60, (short) 0x7801); // power management, then 0x78
    space.putShort(0x78, (short) 0x0010).putInt(0x78 + 0x0c, 0x00000103); // 8 GT/s x16
    space.putShort(0x78 + 0x12, (short) 0x0081); // 2.5 GT/s x8
    space.putInt(0x100, 0x42010001); // AER, then 0x420
    space.putInt(0x104, 0x00000020).putInt(0x10c, 0x00462030).putInt(0x110, 0x00001000);
    space.putInt(0x420, 0x00010015).putInt(0x424, 0x0007fff0); // 1 MiB to 16 GiB, all steps
    return space.putInt(0x428, 0x00000821); // one BAR, BAR 1, now 256 MiB
  }

  private static ConfigSpace of(ByteBuffer space) {
    return new ConfigSpace(space.array());
  }

  @Test
  void followsBothListsOfCapabilities() {
    ConfigSpace gpu = of(gpu());
    assertEquals(Optional.of(new PciLink(8, 16)), gpu.linkCapability());
    assertEquals(Optional.of(new PciLink(2.5, 8)), gpu.linkStatus());
    assertEquals(Optional.of(new ConfigSpace.Errors(0x20, 0x00462030, 0x1000)), gpu.errors());
    assertEquals(0x20, gpu.errors().orElseThrow().fatal());
    ConfigSpace.Resizable bar = gpu.resizableBars().getFirst();
    assertEquals(1, bar.bar());
    assertEquals(256L << 20, bar.current());
    assertEquals(1L << 20, bar.supported().getFirst());
    assertEquals(16L << 30, bar.supported().getLast());
    assertTrue(gpu.isWideBar(1), "a BAR without a place still says that it is there");
    assertFalse(gpu.isWideBar(0));
  }

  @Test
  void knowsBusesOfABridge() {
    ByteBuffer bridge = gpu().put(0x0e, (byte) 0x81).put(0x19, (byte) 1).put(0x1a, (byte) 3);
    assertEquals(Optional.of(new ConfigSpace.Buses(1, 3)), of(bridge).buses());
    assertEquals(Optional.empty(), of(gpu()).buses());
  }

  /** For whoever is not root there are 64 bytes; cut anywhere, nothing fails. */
  @Test
  void whatIsCutIsAbsent() {
    byte[] whole = gpu().array();
    for (int length = 0; length < 0x440; length++) {
      ConfigSpace cut = new ConfigSpace(Arrays.copyOf(whole, length));
      cut.errors();
      cut.resizableBars();
      cut.buses();
      assertEquals(length >= 0x78 + 0x10, cut.linkCapability().isPresent());
    }
    assertFalse(new ConfigSpace(Arrays.copyOf(whole, 64)).isWhole());
  }

  @Test
  void listsThatGoRoundEnd() {
    ByteBuffer space = gpu();
    space.putShort(0x78, (short) 0x6009).putInt(0x100, 0x10010003);
    assertEquals(Optional.empty(), of(space).linkCapability());
    assertEquals(List.of(), of(space).resizableBars());
  }

  @Test
  void aDeviceOffTheBusReadsAsOnes() {
    byte[] ones = new byte[256];
    Arrays.fill(ones, (byte) 0xff);
    assertTrue(new ConfigSpace(ones).isGone());
    assertFalse(of(gpu()).isGone());
    assertFalse(new ConfigSpace(new byte[0]).isGone());
  }
}
