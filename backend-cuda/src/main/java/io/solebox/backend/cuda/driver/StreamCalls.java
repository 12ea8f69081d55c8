package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Streams, and the events that order and time them. */
final class StreamCalls {
  /** Does not wait for the default stream, which Solebox never uses. */
  private static final int NON_BLOCKING = 1;

  private static final int EVENT_DEFAULT = 0;
  private static final int NOT_READY = 600;

  private final Function create;
  private final Function destroy;
  private final Function synchronize;
  private final Function query;
  private final Function waitEvent;
  private final Function createEvent;
  private final Function destroyEvent;
  private final Function recordEvent;
  private final Function synchronizeEvent;
  private final Function elapsed;

  StreamCalls(SymbolLookup library, ErrorTexts texts) {
    create = new Function(library, texts, "cuStreamCreate", ADDRESS, JAVA_INT);
    destroy = new Function(library, texts, "cuStreamDestroy_v2", JAVA_LONG);
    synchronize = new Function(library, texts, "cuStreamSynchronize", JAVA_LONG);
    query = new Function(library, texts, "cuStreamQuery", JAVA_LONG);
    waitEvent = new Function(library, texts, "cuStreamWaitEvent", JAVA_LONG, JAVA_LONG, JAVA_INT);
    createEvent = new Function(library, texts, "cuEventCreate", ADDRESS, JAVA_INT);
    destroyEvent = new Function(library, texts, "cuEventDestroy_v2", JAVA_LONG);
    recordEvent = new Function(library, texts, "cuEventRecord", JAVA_LONG, JAVA_LONG);
    synchronizeEvent = new Function(library, texts, "cuEventSynchronize", JAVA_LONG);
    elapsed = new Function(library, texts, "cuEventElapsedTime", ADDRESS, JAVA_LONG, JAVA_LONG);
  }

  long create() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      create.check(() -> (int) create.handle.invokeExact(out, NON_BLOCKING));
      return out.get(JAVA_LONG, 0);
    }
  }

  void destroy(long stream) {
    destroy.check(() -> (int) destroy.handle.invokeExact(stream));
  }

  void synchronize(long stream) {
    synchronize.check(() -> (int) synchronize.handle.invokeExact(stream));
  }

  /** Whether all work of {@code stream} is done; throws what failed in it. */
  boolean isDone(long stream) {
    int code = query.code(() -> (int) query.handle.invokeExact(stream));
    if (code != 0 && code != NOT_READY) {
      throw query.failure(code).explained("");
    }
    return code == 0;
  }

  /** Later work of {@code stream} begins after what {@code event} marked. */
  void waitFor(long stream, long event) {
    waitEvent.check(() -> (int) waitEvent.handle.invokeExact(stream, event, 0));
  }

  long createEvent() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      createEvent.check(() -> (int) createEvent.handle.invokeExact(out, EVENT_DEFAULT));
      return out.get(JAVA_LONG, 0);
    }
  }

  void destroyEvent(long event) {
    destroyEvent.check(() -> (int) destroyEvent.handle.invokeExact(event));
  }

  void record(long event, long stream) {
    recordEvent.check(() -> (int) recordEvent.handle.invokeExact(event, stream));
  }

  void synchronizeEvent(long event) {
    synchronizeEvent.check(() -> (int) synchronizeEvent.handle.invokeExact(event));
  }

  float elapsedMillis(long from, long to) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_FLOAT);
      elapsed.check(() -> (int) elapsed.handle.invokeExact(out, from, to));
      return out.get(JAVA_FLOAT, 0);
    }
  }
}
