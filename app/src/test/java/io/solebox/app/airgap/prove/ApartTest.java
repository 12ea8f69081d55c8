package io.solebox.app.airgap.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ApartTest {
  private static final int NO_SUCH_CALL = 9999;
  private static final int PR_SET_NO_NEW_PRIVS = 38;

  /** Load the call's number; the thread that calls {@value NO_SUCH_CALL} ends; all else may be. */
  private static final long[] PROGRAM = {
    instruction(0x20, 0, 0, 0),
    instruction(0x15, 0, 1, NO_SUCH_CALL),
    instruction(0x06, 0, 0, 0), // SECCOMP_RET_KILL_THREAD
    instruction(0x06, 0, 0, 0x7fff0000),
  };

  /** A {@code sock_filter} as one little-endian word. */
  private static long instruction(int code, int jumpTrue, int jumpFalse, int k) {
    return code | (long) jumpTrue << 16 | (long) jumpFalse << 24 | (long) k << 32;
  }

  @Test
  void whatComesOfItIsToldAsItIs() throws Exception {
    var held = new Answer.Held("EPERM");
    assertEquals(held, new Apart(() -> held).go());

    var gone = new IOException("gone");
    var told =
        assertThrows(
            IOException.class,
            () ->
                new Apart(
                        () -> {
                          throw gone;
                        })
                    .go());
    assertEquals(gone, told);
  }

  @Test
  void aThreadThatTheKernelEndsHasBeenHeld() throws Exception {
    Kernel kernel = Kernel.of(Architecture.ofSystem().orElseThrow());
    var refused = new Answer.NotTried("no filter may be installed");
    Answer answer = new Apart(() -> filter(kernel) ? end(kernel) : refused).go();
    Assumptions.assumeFalse(answer.equals(refused), "SKIPPED: no filter may be installed");
    assertEquals(new Answer.Held("the kernel ended the thread that tried"), answer);
  }

  /** Of the calling thread alone. */
  private static boolean filter(Kernel kernel) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = arena.allocateFrom(ValueLayout.JAVA_LONG, PROGRAM);
      MemorySegment head = arena.allocate(ValueLayout.ADDRESS.byteSize() * 2, Long.BYTES);
      head.set(ValueLayout.JAVA_SHORT, 0, (short) PROGRAM.length);
      head.set(ValueLayout.ADDRESS, ValueLayout.ADDRESS.byteSize(), filter);
      return kernel.call("prctl", PR_SET_NO_NEW_PRIVS, 1) == 0
          && kernel.call("seccomp", 1, 0, head.address()) == 0;
    }
  }

  private static Answer end(Kernel kernel) {
    return new Answer.Through("the kernel gave " + kernel.call(NO_SUCH_CALL));
  }
}
