package io.solebox.hardware.settings;

import io.solebox.hardware.board.BoardSettings;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.settings.SettingLines.BadLine;
import java.util.Optional;

/** The lines {@code board} and {@code board.heartbeat}. */
final class BoardLines {
  private BoardLines() {}

  static Optional<BoardSettings> read(SettingLines lines) throws BadLine {
    Optional<String> board = lines.text("board");
    boolean heartbeat = lines.yes("board.heartbeat", true);
    if (board.isEmpty()) {
      return Optional.empty();
    }
    BoardAddress address =
        BoardAddress.of(board.get())
            .orElseThrow(
                () ->
                    new BadLine(
                        "board=%s is not written as in %s"
                            .formatted(board.get(), BoardAddress.FORMS)));
    return Optional.of(new BoardSettings(address, heartbeat));
  }
}
