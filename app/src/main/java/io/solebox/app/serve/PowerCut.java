package io.solebox.app.serve;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.Board;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.plug.LastLine;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Takes power away when the guard asks for a cut: the module's by its board, and the box's by its
 * plug where there is no board, it does not obey, or a card that is too hot still answers long
 * after. Owned by the guard's thread.
 */
final class PowerCut {
  private final Consumer<String> tell;
  private final Optional<LastLine> lastLine;
  private final Optional<Board> board;
  private final Duration patience;

  /** Since when it is the board that has taken the power; empty once the plug is to. */
  private OptionalLong byBoard = OptionalLong.empty();

  /**
   * @param tell hears what becomes of it, for people
   * @param lastLine takes the machine's power away; empty where there is no plug
   * @param board takes the module's alone; empty where there is none
   * @param patience from then on until a card without power has fallen silent, and one that cools
   *     has left the level
   */
  PowerCut(
      Consumer<String> tell,
      Optional<LastLine> lastLine,
      Optional<Board> board,
      Duration patience) {
    this.tell = tell;
    this.lastLine = lastLine;
    this.board = board;
    this.patience = patience;
  }

  /** Whether a board has taken the module's power, which it does within milliseconds. */
  boolean byBoard(long now) {
    if (board.filter(this::stops).isEmpty()) {
      return false;
    }
    byBoard = OptionalLong.of(now);
    return true;
  }

  private boolean stops(Board its) {
    return switch (its.order(new Order.EmergencyStop())) {
      case Said.Yes<OrderResult>(var result)
          when result == OrderResult.DONE || result == OrderResult.ALREADY -> {
        tell.accept("the board has taken the module's power.");
        yield true;
      }
      case Said.Yes<OrderResult>(var result) -> {
        tell.accept("the board does not take the module's power: " + result + ".");
        yield false;
      }
      case Said.No<OrderResult>(var why) -> {
        tell.accept("the board does not answer: " + why + ".");
        yield false;
      }
    };
  }

  /** Takes the box's power away in the order that there is. */
  void byPlug() {
    Said<String> cut =
        lastLine
            .map(LastLine::cut)
            .orElseGet(() -> new Said.No<>("there is no plug that could take the power away"));
    switch (cut) {
      case Said.Yes<String>(var words) -> tell.accept(words + ".");
      case Said.No<String>(var why) -> tell.accept(why + ". Switch it off by hand.");
    }
  }

  /**
   * A round of the guard: whether what the board did was enough.
   *
   * @param now as of {@link #byBoard}
   */
  void follow(Ruling ruling, Snapshot seen, long now) {
    if (ruling.level() != Level.CUT) {
      byBoard = OptionalLong.empty();
    } else if (byBoard.isPresent() && now - byBoard.getAsLong() >= patience.toNanos()) {
      byBoard = OptionalLong.empty();
      stillPowered(ruling, seen)
          .ifPresent(
              card -> {
                tell.accept(card + " has power all the same, and is as hot.");
                byPlug();
              });
    }
  }

  private static Optional<String> stillPowered(Ruling ruling, Snapshot seen) {
    return ruling.devices().stream()
        .filter(device -> device.level() == Level.CUT)
        .filter(
            device ->
                seen.gpus().stream()
                    .filter(gpu -> gpu.id().equals(device.device()))
                    .anyMatch(gpu -> gpu.value(Metric.CORE_CELSIUS).isPresent()))
        .map(Ruling.Device::name)
        .findFirst();
  }
}
