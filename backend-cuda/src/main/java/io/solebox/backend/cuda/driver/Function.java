package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * One function of the driver API that returns a {@code CUresult}. A plain downcall, never a
 * critical one: many of them block, and a thread inside a critical call holds up every safepoint.
 */
final class Function {
  private static final Linker LINKER = Linker.nativeLinker();

  /** A call with its arguments; the {@code (int)} of {@code invokeExact} is in its body. */
  interface Call {
    int run() throws Throwable;
  }

  final MethodHandle handle;
  private final String name;
  private final ErrorTexts texts;

  /**
   * @throws MissingFunctionException when this driver does not have it
   */
  Function(SymbolLookup library, ErrorTexts texts, String name, MemoryLayout... parameters) {
    this.name = name;
    this.texts = texts;
    this.handle =
        LINKER.downcallHandle(
            library.find(name).orElseThrow(() -> new MissingFunctionException(name)),
            FunctionDescriptor.of(JAVA_INT, parameters));
  }

  /** Throws what a code other than success means. */
  void check(Call call) {
    int code = code(call);
    if (code != 0) {
      throw texts.failure(name, code).explained("");
    }
  }

  /** For calls whose other codes are answers, as {@code CUDA_ERROR_NOT_READY}. */
  int code(Call call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  CudaFailure failure(int code) {
    return texts.failure(name, code);
  }
}
