package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cpu.SystemMemory.Pages;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SystemMemoryTest {
  private static long residentBytes() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }

  @ParameterizedTest
  @EnumSource(Pages.class)
  void isZeroAndTakesRoomOnlyWhereItIsTouched(Pages pages) throws IOException {
    long bytes = 1L << 30;
    long before = residentBytes();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = SystemMemory.allocate(bytes, pages, "a test", arena);
      for (long at = 0; at < bytes; at += bytes / 8) {
        assertEquals(0, memory.get(ValueLayout.JAVA_LONG, at));
        memory.set(ValueLayout.JAVA_LONG, at, at);
      }
      memory.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 1);
      long grown = residentBytes() - before;
      assertTrue(grown < bytes / 4, grown + " bytes for 9 pages");
    }
  }

  @Test
  void whatTheSystemRefusesIsSaidWithTheSize() {
    try (Arena arena = Arena.ofShared()) {
      var refused =
          assertThrows(
              SoleboxException.class,
              () -> SystemMemory.allocate(1L << 60, Pages.SMALL, "the KV cache", arena));
      assertEquals(ErrorCode.OUT_OF_MEMORY, refused.code());
      assertTrue(refused.getMessage().contains("1,099,511,627,776 MiB for the KV cache"));
    }
  }

  @Test
  void adviceLeavesTheContentAlone(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("data");
    byte[] data = new byte[100_000];
    data[50_000] = 42;
    Files.write(file, data);
    try (Arena arena = Arena.ofShared();
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, data.length, arena).asSlice(7);
      SystemMemory.readAhead(mapped);
      SystemMemory.populate(mapped);
      SystemMemory.release(mapped);
      assertEquals(42, mapped.get(ValueLayout.JAVA_BYTE, 50_000 - 7));
    }
  }
}
