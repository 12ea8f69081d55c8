package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.solebox.backend.cuda.fake.TestPtx;
import java.lang.foreign.Arena;
import java.util.List;

/** Copies to the device, scales there and copies back. */
final class Scaling implements AutoCloseable {
  static final int N = 1000;
  final CudaThread gpu;
  final Stream stream;
  final Module module;
  final DeviceMemory x;
  final DeviceMemory out;
  final PinnedMemory host;
  final Arena arena = Arena.ofConfined();
  final Arguments arguments = new Arguments(arena, 4);

  Scaling(CudaThread gpu) {
    this.gpu = gpu;
    stream = Stream.create(gpu);
    module = Module.load(gpu, "scale.ptx", TestPtx.image(TestPtx.scale()));
    x = DeviceMemory.allocate(gpu, 4 * N);
    out = DeviceMemory.allocate(gpu, 4 * N);
    host = PinnedMemory.allocate(gpu, 4 * N);
    for (int i = 0; i < N; i++) {
      host.segment().setAtIndex(JAVA_FLOAT, i, i);
    }
  }

  void queue(float factor, int n) {
    stream.upload(host.segment(), x.address());
    arguments.start().pointer(out).pointer(x).real(factor).integer(n);
    stream.launch(module.kernel("scale"), Grid.of(8, 128), arguments);
    arguments.start().pointer(0).pointer(0).real(0).integer(0); // copied already
    stream.download(out.address(), host.segment());
  }

  float first() {
    return host.segment().getAtIndex(JAVA_FLOAT, 1);
  }

  @Override
  public void close() {
    List.of(host, out, x, module, stream).forEach(Scaling::closeQuietly);
    arena.close();
  }

  private static void closeQuietly(AutoCloseable owner) {
    try {
      owner.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
