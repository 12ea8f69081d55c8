package io.solebox.engine.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.spill.Disk.Found;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pieces of many sizes in few pages: what is read is what was written, or nothing. */
@Timeout(60)
class SpillFileTest {
  private static final int PAGE = PageFile.PAGE_BYTES;
  private static final int PAGES = 8;

  @TempDir Path scratch;
  private final List<String> told = new ArrayList<>();
  private SpillFile file;

  @BeforeEach
  void open() {
    file = SpillFile.open(scratch.resolve("deep/kv"), PAGES * PAGE + 100, told::add);
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static SpillKey key(int n) {
    return new SpillKey(PrefixHash.of("p").then(new int[] {n}), 0);
  }

  private static byte[] content(int n, int size) {
    byte[] bytes = new byte[size];
    new Random(n).nextBytes(bytes);
    return bytes;
  }

  private boolean write(int n, int size) throws IOException {
    return file.write(key(n), MemorySegment.ofArray(content(n, size)));
  }

  private boolean isThere(int n, int size) throws IOException {
    byte[] to = new byte[size];
    boolean isRead = file.read(key(n), MemorySegment.ofArray(to)) == Found.WHOLE;
    assertEquals(isRead, Arrays.equals(content(n, size), to));
    return isRead;
  }

  @Test
  void nobodyCanOpenIt() throws IOException {
    assertTrue(write(1, 3 * PAGE));
    try (Stream<Path> all = Files.walk(scratch)) {
      assertTrue(all.allMatch(Files::isDirectory), "the file has a name");
    }
    assertTrue(isThere(1, 3 * PAGE));
  }

  @Test
  void theLeastRecentlyUsedLeave() throws IOException {
    for (int n = 0; n < 4; n++) {
      assertTrue(write(n, PAGE + 1));
    }
    assertEquals(PAGES * PAGE, file.bytes());
    file.used(List.of(key(0)));
    assertTrue(write(4, 2 * PAGE));
    assertEquals(List.of(key(2), key(3), key(0), key(4)), file.keys());
    assertEquals(1, file.lost());
    assertFalse(write(5, PAGES * PAGE + 1), "larger than all");
    assertEquals(1, file.lost());
    assertTrue(isThere(0, PAGE + 1));
  }

  @Test
  void whateverComesAndGoesIsWhole() throws IOException {
    var random = new Random(1);
    Map<Integer, Integer> sizes = new HashMap<>();
    for (int round = 0; round < 300; round++) {
      int n = random.nextInt(20);
      if (sizes.containsKey(n) && random.nextBoolean()) {
        isThere(n, sizes.get(n));
      } else if (file.find(key(n)).isEmpty()) {
        sizes.put(n, 1 + random.nextInt(3 * PAGE));
        assertTrue(write(n, sizes.get(n)));
      }
      assertTrue(file.bytes() <= PAGES * PAGE);
    }
    assertTrue(file.lost() > 20);
    for (SpillKey key : file.keys()) {
      file.remove(key);
    }
    assertEquals(0, file.bytes());
  }

  @Test
  void whatIsNotAsItWasIsRemoved() throws IOException {
    assertTrue(write(1, 100));
    assertEquals(Found.BROKEN, file.read(key(1), MemorySegment.ofArray(new byte[99])));
    assertEquals(Found.GONE, file.read(key(1), MemorySegment.ofArray(new byte[100])));
    assertEquals(OptionalLong.empty(), file.find(key(1)));
    assertEquals(0, file.bytes());
    file.clear();
    assertTrue(file.isEmpty());
  }

  @Test
  void aDiskThatFailsIsToldOnce() throws IOException {
    assertTrue(write(1, 100));
    file.close();
    assertThrows(ClosedChannelException.class, () -> write(2, 100));
    assertThrows(ClosedChannelException.class, () -> isThere(1, 100));
    assertEquals(1, told.size());
    assertTrue(told.getFirst().contains("computed again"), told.getFirst());
    assertTrue(file.isEmpty());
    assertEquals(0, file.bytes());
  }

  @Test
  void aFolderThatCannotBeMadeIsRefused() throws IOException {
    Path taken = Files.createFile(scratch.resolve("taken"));
    var refused =
        assertThrows(SoleboxException.class, () -> SpillFile.open(taken, 1 << 20, told::add));
    assertEquals(ErrorCode.IO_ERROR, refused.code());
    assertTrue(refused.remedy().contains("--kv-spill-dir"));
  }
}
