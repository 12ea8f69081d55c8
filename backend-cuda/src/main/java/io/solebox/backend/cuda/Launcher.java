package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Rotation;
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
abstract sealed class Launcher
    permits NodeLauncher,
        AttentionLauncher,
        GroupLauncher,
        ProductLauncher,
        SingleLauncher,
        StateLauncher,
        SumLauncher {
  private static final int MAX_ARGUMENTS = 32;
  static final long NONE = 0;

  /** Rows and columns of a block of a prompt's product. */
  static final int TILE = 64;

  final Kernels kernels;
  final Footprint footprint;
  final DeviceState state;
  final Arguments arguments = new Arguments(Arena.ofAuto(), MAX_ARGUMENTS);
  private final Sink sink;

  /** Where launches go: to a stream, or nowhere when the kernels are only to be compiled. */
  interface Sink {
    void launch(Kernel kernel, Grid grid, Arguments arguments);
  }

  Launcher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    this.kernels = kernels;
    this.footprint = footprint;
    this.state = state;
    this.sink = sink;
  }

  final StepInput input() {
    return footprint.input();
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

  final long vector(Weight vector) {
    return state.vector(List.of(Optional.of(vector)));
  }

  final void gate(Value out, Value gate, Value up, Gating gating, int count) {
    start(out).pointer(at(gate)).pointer(at(up));
    gating(gating);
    launchElements("gate", out, count);
  }

  final void gating(Gating gating) {
    switch (gating) {
      case Gating.By(Activation activation) ->
          arguments.integer(activation.ordinal()).real(0).real(0);
      case Gating.Clamped(float alpha, float limit) ->
          arguments.integer(Activation.IDENTITY.ordinal()).real(alpha).real(limit);
    }
  }

  /** With the arguments that have been given, and the number of elements after them. */
  final void launchElements(String entry, Value out, int count) {
    int elements = Math.multiplyExact(count, out.width());
    arguments.integer(elements);
    run("pointwise", entry, Grid.of(Math.ceilDiv(elements, 1024), 256));
  }

  /** Likewise, and the width of rows after them. */
  final void launchRows(String entry, int width, int rows) {
    arguments.integer(width);
    run("pointwise", entry, Grid.of(Math.ceilDiv(width, 1024), rows, 256));
  }

  final void rotation(Optional<Rotation> r) {
    arguments.pointer(r.map(state::ropeTable).orElse(NONE));
    arguments.integer(r.map(x -> x.inverseFrequencies().length).orElse(0));
    boolean halves = r.filter(x -> x.pairing() == Rotation.Pairing.HALVES).isPresent();
    arguments.integer(halves ? 1 : 0);
  }

  final void tokensOfSequences() {
    arguments.pointer(state.input() + input().positionsAt());
    arguments.pointer(state.input() + input().sequencesAt());
  }

  /** Sequences and their block tables of one group. */
  final void tables(int group) {
    arguments.pointer(state.input() + input().sequencesAt());
    arguments.pointer(state.input() + input().tablesAt(group)).integer(input().blocksPerTable());
  }

  final void operand(Value x, TensorType type) {
    arguments.pointer(at(x)).pointer(type.isQuantized() ? state.scales(x) : NONE);
  }

  /** Whether prompts meet weights of this type on tensor cores as they are: Volta has no bf16. */
  final boolean takesHalves(TensorType type, int count) {
    boolean onTensorCores =
        type == TensorType.F16
            || type == TensorType.BF16 && kernels.target().computeCapability() >= 80;
    return onTensorCores && count > DecodeBatch.LARGEST;
  }

  /**
   * Rounds what products with this weight read, where they read 16 bits.
   *
   * @param columns of a token
   */
  final void toHalves(Value x, Weight weight, int columns, int count) {
    if (takesHalves(weight.type(), count)) {
      int padded = ProductScratch.padded(weight.cols());
      boolean gapless = padded == weight.cols();
      int width = gapless ? columns * padded : padded;
      arguments.start().pointer(state.halves()).pointer(at(x));
      arguments.integer(gapless ? width : weight.cols()).integer(width);
      int rows = gapless ? count : columns * count;
      Grid grid = Grid.of(Math.ceilDiv(width, 1024), rows, 256);
      run("pointwise", "round_" + name(weight.type()), grid);
    }
  }
}
