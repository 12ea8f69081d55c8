package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
import java.util.Optional;

/** Launches the kernels of ops that stand alone. */
final class SingleLauncher extends Launcher {
  private final StateLauncher states;

  SingleLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
    this.states = new StateLauncher(kernels, footprint, state, sink);
  }

  /**
   * @param count rows of the result
   */
  void launch(Op op, Shape shape, int count) {
    switch (op) {
      case Op.EmbedPosition o -> {
        start(o.out()).pointer(vector(o.table()));
        arguments.pointer(state.input() + input().positionsAt());
        launchRows("embed_position", o.out().width(), count);
      }
      case Op.ScaleByPosition o -> {
        start(o.out()).pointer(at(o.x())).pointer(state.input() + input().positionsAt());
        arguments.real(o.slope()).integer(o.tokens()).integer(o.offset());
        launchRows("scale_by_position", o.out().width(), count);
      }
      case Op.Rope o -> rope(o, count);
      case Op.SelectRows o -> {
        start(o.out()).pointer(at(o.x())).pointer(state.input() + input().rowsAt());
        launchRows("select_rows", o.out().width(), count);
      }
      case Op.MeanRows o -> meanRows(o, shape);
      case PointwiseOp o -> pointwise(o, count);
      case ExpertOp.Route o -> route(o, count);
      case StateOp o -> states.launch(o, shape);
      case ExpertOp _, Op.Basic _, LowRank _ ->
          throw new AssertionError("an op that does not stand alone: " + op);
    }
  }

  private void pointwise(PointwiseOp op, int count) {
    switch (op) {
      case PointwiseOp.Gated o -> gate(o.out(), o.gate(), o.up(), o.gating(), count);
      case PointwiseOp.Activate o -> {
        start(o.out()).pointer(at(o.x())).integer(o.activation().ordinal());
        launchElements("activate", o.out(), count);
      }
      case PointwiseOp.Scale o -> {
        start(o.out()).pointer(at(o.x())).real(o.factor());
        launchElements("scale", o.out(), count);
      }
      case PointwiseOp.SoftCap o -> {
        start(o.out()).pointer(at(o.x())).real(o.cap());
        launchElements("soft_cap", o.out(), count);
      }
      case PointwiseOp.Add o -> {
        start(o.out()).pointer(at(o.a())).pointer(at(o.b()));
        launchElements("add", o.out(), count);
      }
      case PointwiseOp.ScaleRows o -> {
        start(o.out()).pointer(at(o.x())).pointer(at(o.factor()));
        launchRows("scale_rows", o.out().width(), count);
      }
      case PointwiseOp.ScaleColumns o -> {
        start(o.out()).pointer(at(o.x())).pointer(vector(o.vector()));
        launchRows("scale_columns", o.out().width(), count);
      }
      case PointwiseOp.AddVector o -> {
        start(o.out()).pointer(at(o.x())).pointer(vector(o.vector()));
        launchRows("add_vector", o.out().width(), count);
      }
      case PointwiseOp.Slice o -> {
        start(o.out()).pointer(at(o.x())).integer(o.length()).integer(o.group());
        arguments.integer(o.from());
        launchElements("slice", o.out(), count);
      }
      case PointwiseOp.Join o -> {
        start(o.out()).pointer(at(o.a())).pointer(at(o.b()));
        arguments.integer(o.aGroup()).integer(o.bGroup()).integer(o.groups()).integer(o.bStep());
        launchElements("join", o.out(), count);
      }
    }
  }

  private void route(ExpertOp.Route op, int count) {
    ExpertOp.Routing r = op.routing();
    start(op.out()).pointer(at(op.logits())).pointer(op.bias().map(this::vector).orElse(NONE));
    arguments.pointer(op.scale().map(this::vector).orElse(NONE));
    arguments.integer(count).integer(op.logits().width()).integer(r.used());
    arguments.integer(r.scoring().ordinal()).integer(r.normalized() ? 1 : 0).real(r.scale());
    arguments.integer(r.groups()).integer(r.usedGroups()).integer(r.groupBest());
    run("experts", "route", Grid.of(Math.ceilDiv(count, 4), 128));
  }

  private void rope(Op.Rope op, int count) {
    int width = op.out().width();
    int heads = width / op.headDim();
    start(op.out()).pointer(at(op.x())).pointer(NONE).pointer(NONE);
    arguments.integer(width).integer(0).integer(0).pointer(NONE).pointer(NONE).real(0);
    rotation(Optional.of(op.rotation()));
    arguments.integer(heads).integer(0).integer(op.headDim()).integer(0);
    arguments.pointer(state.input() + input().positionsAt());
    tables(0);
    arguments.pointer(NONE).pointer(NONE);
    run("rope", "rope_kv_f32", Grid.of(Math.ceilDiv(heads, 4), count, 128));
  }

  private void meanRows(Op.MeanRows op, Shape shape) {
    int width = op.out().width();
    start(op.out()).pointer(at(op.x())).pointer(state.input() + input().rowsAt());
    arguments.integer(width).integer(shape.tokens());
    tokensOfSequences();
    run("sequence", "mean_rows", Grid.of(Math.ceilDiv(width, 256), shape.rows(), 256));
  }
}
