package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.kernel.Errors;
import io.solebox.app.airgap.kernel.Kernel;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import java.util.List;

/** Ways out that take machine code of their own, where the processor is one of x86-64. */
final class CodeAttempts {
  private static final int PAGE = 4096;
  private static final int READ_WRITE_EXECUTE = 7;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  /** rbx kept; socket(AF_INET, SOCK_DGRAM, 0) of i386 is call 359; int 0x80. */
  private static final String SOCKET_OF_32_BITS =
      "53 b867010000 bb02000000 b902000000 31d2 cd80 4898 5b c3";

  /** fork; the child, which has but this thread, ends at once: exit_group(0). */
  private static final String FORK =
      "b839000000 0f05 85c0 7407 4898 c3 0f1f4000 31ff b8e7000000 0f05";

  private final Kernel kernel;

  CodeAttempts(Kernel kernel) {
    this.kernel = kernel;
  }

  List<Attempt> all() {
    var foreign = new Apart(this::socket);
    return List.of(
        new Attempt("code-int80", "a UDP socket by a 32-bit call (int 0x80)", foreign),
        new Attempt("code-fork", "a process by fork, in machine code", this::fork));
  }

  private Answer socket() {
    return isForeign() ? foreign() : said(run(SOCKET_OF_32_BITS));
  }

  private Answer fork() {
    if (isForeign()) {
      return foreign();
    }
    long child = run(FORK);
    if (child > 0) {
      kernel.call("wait4", child, 0, 0, 0);
    }
    return said(child);
  }

  private boolean isForeign() {
    return kernel.architecture() != Architecture.X86_64;
  }

  private static Answer foreign() {
    return new Answer.NotTried("there is no such call on this processor");
  }

  private static Answer said(long result) {
    return result < 0
        ? new Answer.Held(Errors.name(result))
        : new Answer.Through("the kernel gave " + result);
  }

  private long run(String code) {
    byte[] bytes = HexFormat.of().parseHex(code.replace(" ", ""));
    long page = kernel.call("mmap", 0, PAGE, READ_WRITE_EXECUTE, PRIVATE_ANONYMOUS, -1, 0);
    if (page < 0) {
      throw new IllegalStateException("no page for code: " + Errors.name(page));
    }
    try {
      MemorySegment memory = MemorySegment.ofAddress(page).reinterpret(PAGE);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
      MethodHandle call =
          Linker.nativeLinker()
              .downcallHandle(memory, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
      return (long) call.invokeExact();
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    } finally {
      kernel.call("munmap", page, PAGE);
    }
  }
}
