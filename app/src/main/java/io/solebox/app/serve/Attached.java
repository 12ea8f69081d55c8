package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.app.session.OwnBoard;
import io.solebox.app.session.OwnPlug;
import io.solebox.hardware.board.Board;
import io.solebox.hardware.plug.Plug;
import io.solebox.hardware.settings.HardwareSettings;
import java.util.Optional;

/** What can take the power: the plug before the box, and the controller of its board. */
record Attached(Optional<Plug> plug, Optional<Board> board) implements AutoCloseable {
  static final Attached NOTHING = new Attached(Optional.empty(), Optional.empty());

  /**
   * @throws io.solebox.engine.error.SoleboxException if one is named and cannot be used
   */
  static Attached of(HardwareSettings settings, Environment environment) {
    return new Attached(
        OwnPlug.of(settings, environment),
        OwnBoard.of(settings, environment).map(Board.class::cast));
  }

  @Override
  public void close() {
    board.ifPresent(Board::close);
  }
}
