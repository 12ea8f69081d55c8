package io.solebox.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What is needed on one GPU to try and measure its ways to another. Not on a GPU's thread. */
final class PeerEnd implements AutoCloseable {
  private static final int LOAD_BYTES = 16;
  private static final int THREADS = 256;

  final CudaThread gpu;
  private final Kernels kernels;
  private final Owned owned;
  private final DeviceMemory sums;
  final DeviceMemory data;
  final PinnedMemory host;
  final Stream stream;

  private PeerEnd(CudaThread gpu, Kernels kernels, Owned owned, long bytes) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.owned = owned;
    this.sums = owned.device((long) THREADS * Integer.BYTES);
    this.data = owned.device(bytes);
    this.host = owned.shared(bytes);
    this.stream = owned.stream();
  }

  /**
   * @param bytes of its memory, and as many pinned
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY}
   */
  static PeerEnd open(CudaThread gpu, Kernels kernels, long bytes) {
    var owned = new Owned(gpu);
    try {
      return gpu.call(() -> new PeerEnd(gpu, kernels, owned, bytes));
    } catch (Throwable t) {
      owned.close();
      throw t;
    }
  }

  void clear() {
    gpu.run(
        () -> {
          stream.fill(data.address(), (byte) 0, data.bytes());
          stream.synchronize();
        });
  }

  /** Has a kernel of this GPU write what looks random, wherever that is. */
  void write(long address, long bytes) {
    gpu.run(
        () -> {
          stream.launch(
              kernels.get("bandwidth", "fill_random"),
              Grid.of(1, THREADS),
              new Arguments(Arena.ofAuto(), 2)
                  .start()
                  .pointer(address)
                  .longInteger(bytes / LOAD_BYTES));
          stream.synchronize();
        });
  }

  /** What a kernel of this GPU reads, as sums that tell if it is another time the same. */
  byte[] read(long address, long bytes) {
    return gpu.call(
        () -> {
          stream.launch(
              kernels.get("bandwidth", "read_contiguous_8"),
              Grid.of(1, THREADS),
              new Arguments(Arena.ofAuto(), 3)
                  .start()
                  .pointer(sums)
                  .pointer(address)
                  .longInteger(bytes / LOAD_BYTES));
          return download(sums.address(), sums.bytes());
        });
  }

  /** What its own memory has. */
  byte[] content(long bytes) {
    return gpu.call(() -> download(data.address(), bytes));
  }

  private byte[] download(long address, long bytes) {
    MemorySegment to = host.segment().asSlice(0, bytes);
    stream.download(address, to);
    stream.synchronize();
    return to.toArray(JAVA_BYTE);
  }

  /** Copies to the other's memory, and returns when it is there. */
  void send(PeerEnd other, long bytes) {
    gpu.run(
        () -> {
          stream.copy(gpu, data.address(), other.gpu, other.data.address(), bytes);
          stream.synchronize();
        });
  }

  /** Copies from the other's memory. */
  void fetch(PeerEnd other, long bytes) {
    gpu.run(
        () -> {
          stream.copy(other.gpu, other.data.address(), gpu, data.address(), bytes);
          stream.synchronize();
        });
  }

  /** Copies to the other's memory over pinned memory of the host. */
  void sendThroughHost(PeerEnd other, long bytes) {
    MemorySegment between = host.segment().asSlice(0, bytes);
    gpu.run(
        () -> {
          stream.download(data.address(), between);
          stream.synchronize();
        });
    other.gpu.run(
        () -> {
          other.stream.upload(between, other.data.address());
          other.stream.synchronize();
        });
  }

  @Override
  public void close() {
    gpu.run(owned::close);
  }
}
