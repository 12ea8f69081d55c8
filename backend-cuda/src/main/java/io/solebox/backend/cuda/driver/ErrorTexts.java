package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The driver's own names and texts of its error codes. */
final class ErrorTexts {
  private static final int LONGEST_TEXT = 1024;

  private final MethodHandle errorName;
  private final MethodHandle errorString;

  ErrorTexts(SymbolLookup library) {
    errorName = bind(library, "cuGetErrorName");
    errorString = bind(library, "cuGetErrorString");
  }

  private static MethodHandle bind(SymbolLookup library, String name) {
    return Linker.nativeLinker()
        .downcallHandle(
            library.find(name).orElseThrow(() -> new MissingFunctionException(name)),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  }

  CudaFailure failure(String call, int code) {
    return new CudaFailure(
        call,
        code,
        "%s failed: %s (%d), %s"
            .formatted(call, text(errorName, code), code, text(errorString, code)));
  }

  private static String text(MethodHandle function, int code) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int answer = (int) function.invokeExact(code, out);
      MemorySegment text = out.get(ADDRESS, 0);
      return answer != 0 || text.equals(MemorySegment.NULL)
          ? "an error that this driver has no name for"
          : text.reinterpret(LONGEST_TEXT).getString(0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("cuGetErrorName", e);
    }
  }
}
