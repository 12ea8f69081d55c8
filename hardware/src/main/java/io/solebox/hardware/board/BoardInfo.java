package io.solebox.hardware.board;

import java.util.Optional;

/**
 * Who a board is.
 *
 * @param link version of the link
 * @param firmware as in {@code 1.0.0}
 * @param boot which start of the firmware since power came
 * @param afterWatchdog whether it began because it hung
 * @param log how many events it keeps
 * @param board its name
 * @param limits what it holds itself to; empty where its firmware does not tell
 */
public record BoardInfo(
    int link,
    String firmware,
    int boot,
    boolean afterWatchdog,
    int log,
    String board,
    Optional<BoardLimits> limits) {
  /** Of a board that tells no limits. */
  public BoardInfo(
      int link, String firmware, int boot, boolean afterWatchdog, int log, String board) {
    this(link, firmware, boot, afterWatchdog, log, board, Optional.empty());
  }
}
