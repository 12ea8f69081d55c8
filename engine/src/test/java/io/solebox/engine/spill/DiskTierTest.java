package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes from files, in little memory. */
@Timeout(60)
class DiskTierTest {
  private static final int SIZE = 100;

  @TempDir Path scratch;
  private PrefixFolder folder;
  private DiskTier tier;

  @BeforeEach
  void open() throws IOException {
    folder = PrefixFolder.open(scratch.resolve("model"), "a", FileSeal.NONE, 1 << 20).orElseThrow();
    tier = new DiskTier(List.of(folder), 2 * SIZE);
    for (int n = 0; n < 4; n++) {
      byte[] bytes = new byte[n == 3 ? 3 * SIZE : SIZE];
      Arrays.fill(bytes, (byte) n);
      assertTrue(folder.write(key(n), MemorySegment.ofArray(bytes)));
    }
  }

  @AfterEach
  void close() {
    tier.close();
  }

  private static SpillKey key(int n) {
    return new SpillKey(PrefixHash.of("p").then(new int[] {n}), 0);
  }

  private void await() {
    tier.awaitRead(new MeasuredCosts());
    assertFalse(tier.isBusy());
  }

  private void assertArrived(int n) {
    byte[] bytes = tier.arrived(key(n)).orElseThrow().toArray(ValueLayout.JAVA_BYTE);
    assertEquals(SIZE, bytes.length);
    for (byte b : bytes) {
      assertEquals((byte) n, b);
    }
  }

  @Test
  void whatIsHeldWaitsForItsOwner() {
    assertTrue(tier.hold(key(0), SIZE));
    assertTrue(tier.hold(key(1), SIZE));
    await();
    assertFalse(tier.hold(key(2), SIZE), "there is no room");
    assertTrue(tier.find(key(2)).isPresent(), "but it can be had later");
    tier.drop(key(0));
    assertTrue(tier.hold(key(2), SIZE));
    await();
    assertArrived(1);
    assertArrived(2);
    assertEquals(0, tier.failures());
  }

  /** The reader cannot end with what it reads while this has the folder. */
  @Test
  void memoryThatIsReadIntoIsNobodyElses() throws IOException {
    Path file = scratch.resolve("model").resolve(PrefixFile.name(key(0)));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    synchronized (folder) {
      assertTrue(tier.hold(key(0), SIZE));
      tier.drop(key(0));
      tier.takeRead(new MeasuredCosts());
      assertTrue(tier.hold(key(1), SIZE));
      assertFalse(tier.hold(key(2), SIZE));
      assertTrue(tier.isBusy());
    }
    await();
    assertArrived(1);
    assertEquals(1, tier.failures());
    assertEquals(OptionalLong.empty(), tier.find(key(0)));
    assertTrue(tier.hold(key(2), SIZE), "its memory is free again");
    await();
    assertArrived(2);
  }

  @Test
  void whatCanNeverComeIsNotPromised() {
    assertEquals(OptionalLong.empty(), tier.find(key(3)));
    assertFalse(tier.hold(key(3), 3 * SIZE));
    assertFalse(tier.isBusy());
  }

  @Test
  void aFileOfAnotherSizeIsOfNoUse() {
    assertFalse(tier.hold(key(0), SIZE - 1));
    assertEquals(1, tier.failures());
    assertEquals(OptionalLong.empty(), tier.find(key(0)));
  }

  @Test
  void itEndsWhileItReads() {
    assertTrue(tier.hold(key(0), SIZE));
    assertTrue(tier.hold(key(1), SIZE));
  }
}
