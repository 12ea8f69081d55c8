package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** PTX to code, and its launch. */
final class ModuleCalls {
  private static final int JIT_ERROR_LOG_BUFFER = 5;
  private static final int JIT_ERROR_LOG_BYTES = 6;
  private static final int IMAGE_ALIGNMENT = 16;
  private static final int LOG_BYTES = 16 << 10;
  private static final int MAX_DYNAMIC_SHARED_BYTES = 8;

  private final Function load;
  private final Function unload;
  private final Function getFunction;
  private final Function setAttribute;
  private final Function getAttribute;
  private final Function launch;
  private final Function launchWith;

  ModuleCalls(SymbolLookup library, ErrorTexts texts) {
    load =
        new Function(
            library, texts, "cuModuleLoadDataEx", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    unload = new Function(library, texts, "cuModuleUnload", JAVA_LONG);
    getFunction = new Function(library, texts, "cuModuleGetFunction", ADDRESS, JAVA_LONG, ADDRESS);
    setAttribute =
        new Function(library, texts, "cuFuncSetAttribute", JAVA_LONG, JAVA_INT, JAVA_INT);
    getAttribute = new Function(library, texts, "cuFuncGetAttribute", ADDRESS, JAVA_INT, JAVA_LONG);
    launch =
        new Function(
            library,
            texts,
            "cuLaunchKernel",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            ADDRESS,
            ADDRESS);
    launchWith =
        new Function(library, texts, "cuLaunchKernelEx", ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  }

  /**
   * @param name of the image, for the error
   * @throws SoleboxException with the compiler's log
   */
  long load(String name, byte[] image) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      MemorySegment data = arena.allocate(image.length, IMAGE_ALIGNMENT);
      data.copyFrom(MemorySegment.ofArray(image));
      MemorySegment log = arena.allocate(LOG_BYTES);
      MemorySegment options =
          arena.allocateFrom(JAVA_INT, JIT_ERROR_LOG_BUFFER, JIT_ERROR_LOG_BYTES);
      // Values stand in pointer-sized slots, numbers as well as pointers.
      MemorySegment values = arena.allocateFrom(JAVA_LONG, log.address(), LOG_BYTES);
      int code = load.code(() -> (int) load.handle.invokeExact(out, data, 2, options, values));
      if (code != 0) {
        throw refused(load.failure(code), name, log.getString(0).strip());
      }
      return out.get(JAVA_LONG, 0);
    }
  }

  private static SoleboxException refused(CudaFailure failure, String name, String log) {
    if (log.isEmpty()) {
      return failure.explained(name);
    }
    var withLog =
        new CudaFailure(
            failure.call(),
            failure.code(),
            failure.getMessage() + ". The driver's compiler says:\n" + log);
    return withLog.explained(name);
  }

  void unload(long module) {
    unload.check(() -> (int) unload.handle.invokeExact(module));
  }

  long function(long module, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      MemorySegment text = arena.allocateFrom(name);
      getFunction.check(() -> (int) getFunction.handle.invokeExact(out, module, text));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** Beyond 48 KiB a kernel must be allowed its dynamic shared memory. */
  void allowSharedBytes(long function, int bytes) {
    setAttribute.check(
        () -> (int) setAttribute.handle.invokeExact(function, MAX_DYNAMIC_SHARED_BYTES, bytes));
  }

  int attribute(long function, int attribute) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      getAttribute.check(() -> (int) getAttribute.handle.invokeExact(out, attribute, function));
      return out.get(JAVA_INT, 0);
    }
  }

  void launch(long function, Grid grid, long stream, MemorySegment arguments) {
    launch.check(
        () ->
            (int)
                launch.handle.invokeExact(
                    function,
                    grid.x(),
                    grid.y(),
                    grid.z(),
                    grid.threads(),
                    1,
                    1,
                    grid.sharedBytes(),
                    stream,
                    arguments,
                    MemorySegment.NULL));
  }

  /**
   * As {@link #launch}, but the kernel may begin before the one ahead of it in the stream has
   * ended; it waits for that one's memory with {@code griddepcontrol.wait}.
   */
  void launchEarly(long function, Grid grid, long stream, MemorySegment arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = LaunchConfig.early(arena, grid, stream);
      launchWith.check(
          () ->
              (int) launchWith.handle.invokeExact(config, function, arguments, MemorySegment.NULL));
    }
  }
}
