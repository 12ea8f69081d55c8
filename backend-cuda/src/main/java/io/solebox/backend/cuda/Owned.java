package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Event;
import io.solebox.backend.cuda.driver.Graph;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import java.util.ArrayList;
import java.util.List;

/** Device objects that go together, last made first. */
final class Owned implements AutoCloseable {
  private final CudaThread gpu;
  private final List<Runnable> closers = new ArrayList<>();

  Owned(CudaThread gpu) {
    this.gpu = gpu;
  }

  DeviceMemory device(long bytes) {
    DeviceMemory memory = DeviceMemory.allocate(gpu, Math.max(1, bytes));
    closers.add(memory::close);
    return memory;
  }

  PinnedMemory pinned(long bytes) {
    PinnedMemory memory = PinnedMemory.allocate(gpu, Math.max(1, bytes));
    closers.add(memory::close);
    return memory;
  }

  /** Pinned for all GPUs, whose kernels reach it. */
  PinnedMemory shared(long bytes) {
    PinnedMemory memory = PinnedMemory.allocateShared(gpu, Math.max(1, bytes));
    closers.add(memory::close);
    return memory;
  }

  Stream stream() {
    Stream stream = Stream.create(gpu);
    closers.add(stream::close);
    return stream;
  }

  Graph capture(Stream stream, Runnable work) {
    Graph graph = stream.capture(work);
    closers.add(graph::close);
    return graph;
  }

  Event event() {
    Event event = Event.create(gpu);
    closers.add(event::close);
    return event;
  }

  @Override
  public void close() {
    closers.reversed().forEach(Runnable::run);
    closers.clear();
  }
}
