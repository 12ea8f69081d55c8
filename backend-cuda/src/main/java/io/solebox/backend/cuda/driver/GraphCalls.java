package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Capture of a stream's work, and its replay. */
final class GraphCalls {
  /** Other threads may call the driver meanwhile. */
  private static final int RELAXED = 2;

  private final Function beginCapture;
  private final Function endCapture;
  private final Function instantiate;
  private final Function launch;
  private final Function destroy;
  private final Function destroyExec;

  GraphCalls(SymbolLookup library, ErrorTexts texts) {
    beginCapture = new Function(library, texts, "cuStreamBeginCapture_v2", JAVA_LONG, JAVA_INT);
    endCapture = new Function(library, texts, "cuStreamEndCapture", JAVA_LONG, ADDRESS);
    instantiate =
        new Function(library, texts, "cuGraphInstantiateWithFlags", ADDRESS, JAVA_LONG, JAVA_LONG);
    launch = new Function(library, texts, "cuGraphLaunch", JAVA_LONG, JAVA_LONG);
    destroy = new Function(library, texts, "cuGraphDestroy", JAVA_LONG);
    destroyExec = new Function(library, texts, "cuGraphExecDestroy", JAVA_LONG);
  }

  void beginCapture(long stream) {
    beginCapture.check(() -> (int) beginCapture.handle.invokeExact(stream, RELAXED));
  }

  long endCapture(long stream) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      endCapture.check(() -> (int) endCapture.handle.invokeExact(stream, out));
      return out.get(JAVA_LONG, 0);
    }
  }

  long instantiate(long graph) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      instantiate.check(() -> (int) instantiate.handle.invokeExact(out, graph, 0L));
      return out.get(JAVA_LONG, 0);
    }
  }

  void launch(long exec, long stream) {
    launch.check(() -> (int) launch.handle.invokeExact(exec, stream));
  }

  void destroy(long graph) {
    destroy.check(() -> (int) destroy.handle.invokeExact(graph));
  }

  void destroyExec(long exec) {
    destroyExec.check(() -> (int) destroyExec.handle.invokeExact(exec));
  }
}
