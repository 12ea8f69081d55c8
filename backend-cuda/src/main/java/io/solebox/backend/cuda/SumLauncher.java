package io.solebox.backend.cuda;

/** Launches sums over several cards. */
final class SumLauncher extends Launcher {
  private final Sums sums;

  SumLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
    this.sums = new Sums(kernels, state.seat(), sink);
  }

  void launch(SumNode n, int count) {
    long residual = n.residual().map(this::at).orElse(NONE);
    long elements = (long) count * n.out().width();
    sums.launch(arguments, new Sums.Operands(at(n.out()), at(n.x()), residual), elements);
  }
}
