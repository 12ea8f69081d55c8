package io.solebox.backend.cuda.fake;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Streams, events and graphs of the fake driver. */
final class FakeStreamApi {
  private final FakeDriver driver;

  FakeStreamApi(FakeDriver driver) {
    this.driver = driver;
  }

  /** A mark: the stream it was last recorded in, and how far that had been filled. */
  private static final class Event {
    private Optional<FakeStream> stream = Optional.empty();
    private long number;
    private long nanos;

    void await() {
      stream.ifPresent(s -> s.runTo(number));
    }
  }

  /** Captured work that is not launchable yet. */
  private record Captured(List<FakeStream.Work> work) {}

  private FakeStream stream(long handle) {
    return driver.here().get(handle, FakeStream.class);
  }

  private Event event(long handle) {
    return driver.here().get(handle, Event.class);
  }

  /** An event of any device. */
  private Event anyEvent(long handle) {
    return driver.device(FakeDevice.ordinalOf(handle)).get(handle, Event.class);
  }

  int cuStreamCreate(MemorySegment out, int flags) {
    Native.putLong(out, driver.here().put(new FakeStream(driver.here(), driver::giveWay)));
    return flags <= 1 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuStreamDestroy_v2(long stream) {
    stream(stream).runAll();
    driver.here().remove(stream, FakeStream.class);
    return 0;
  }

  int cuStreamSynchronize(long stream) {
    stream(stream).runAll();
    return 0;
  }

  /** Asking again and again is what makes time pass here: each time one piece of work is done. */
  int cuStreamQuery(long stream) {
    return stream(stream).runOne() ? FakeError.NOT_READY : 0;
  }

  int cuStreamWaitEvent(long stream, long event, int flags) {
    Event mark = anyEvent(event);
    long number = mark.number;
    mark.stream.ifPresent(other -> stream(stream).add(() -> other.runTo(number)));
    return flags == 0 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuEventCreate(MemorySegment out, int flags) {
    Native.putLong(out, driver.here().put(new Event()));
    return flags <= 3 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuEventDestroy_v2(long event) {
    driver.here().remove(event, Event.class);
    return 0;
  }

  int cuEventRecord(long event, long stream) {
    Event mark = event(event);
    FakeStream marked = stream(stream);
    marked.add(() -> mark.nanos = System.nanoTime());
    mark.stream = Optional.of(marked);
    mark.number = marked.queued();
    return 0;
  }

  int cuEventSynchronize(long event) {
    anyEvent(event).await();
    return 0;
  }

  int cuEventElapsedTime(MemorySegment out, long from, long to) {
    long nanos = event(to).nanos - event(from).nanos;
    out.reinterpret(4).set(JAVA_FLOAT, 0, nanos * 1e-6f);
    return 0;
  }

  int cuStreamBeginCapture_v2(long stream, int mode) {
    stream(stream).beginCapture();
    return mode <= 2 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuStreamEndCapture(long stream, MemorySegment out) {
    Native.putLong(out, driver.here().put(new Captured(stream(stream).endCapture())));
    return 0;
  }

  int cuGraphInstantiateWithFlags(MemorySegment out, long graph, long flags) {
    List<FakeStream.Work> work = driver.here().get(graph, Captured.class).work();
    Native.putLong(out, driver.here().put(new FakeGraphExec(List.copyOf(work))));
    return flags == 0 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuGraphDestroy(long graph) {
    driver.here().remove(graph, Captured.class);
    return 0;
  }

  int cuGraphLaunch(long exec, long stream) {
    driver.here().get(exec, FakeGraphExec.class).work().forEach(stream(stream)::add);
    return 0;
  }

  int cuGraphExecDestroy(long exec) {
    driver.here().remove(exec, FakeGraphExec.class);
    return 0;
  }
}
