package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What launchers of nodes share: how arguments are put together, and kernels that serve several
 * nodes. Names, arguments and grids are those of the table in docs/cuda-backend.md. Used on the
 * GPU's thread.
 */
abstract sealed class Launcher permits NodeLauncher, ProductLauncher {
  private static final int MAX_ARGUMENTS = 32;
  static final long NONE = 0;

  final Kernels kernels;
  final DeviceState state;
  final Arguments arguments = new Arguments(Arena.ofAuto(), MAX_ARGUMENTS);
  private final Sink sink;

  /** Where launches go: to a stream, or nowhere when the kernels are only to be compiled. */
  interface Sink {
    void launch(Kernel kernel, Grid grid, Arguments arguments);
  }

  Launcher(Kernels kernels, DeviceState state, Sink sink) {
    this.kernels = kernels;
    this.state = state;
    this.sink = sink;
  }

  final long at(Value v) {
    return state.address(v);
  }

  final Arguments start(Value out) {
    return arguments.start().pointer(at(out));
  }

  final void run(String module, String entry, Grid grid) {
    sink.launch(kernels.get(module, entry), grid, arguments);
  }

  static String name(TensorType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  final void planes(List<Weight> stack) {
    for (long plane : state.planes(stack)) {
      arguments.pointer(plane);
    }
  }

  final void rounded(Optional<Value> v) {
    arguments.pointer(v.map(this::at).orElse(NONE)).pointer(v.map(state::scales).orElse(NONE));
  }

  final void quantize(Value x, Value out, int count) {
    int elements = Math.multiplyExact(count, x.width());
    arguments.start();
    rounded(Optional.of(out));
    arguments.pointer(at(x)).integer(elements);
    run("quantize", "quantize_q8", Grid.of(Math.ceilDiv(elements, 1024), 256));
  }

  final void swiGlu(Value out, Value gate, Value up, int count) {
    launchElements("swiglu", start(out).pointer(at(gate)).pointer(at(up)), out, count);
  }

  final void launchElements(String entry, Arguments pointers, Value out, int count) {
    int elements = Math.multiplyExact(count, out.width());
    pointers.integer(elements);
    run("pointwise", entry, Grid.of(Math.ceilDiv(elements, 1024), 256));
  }
}
