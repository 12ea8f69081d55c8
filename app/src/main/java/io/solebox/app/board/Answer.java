package io.solebox.app.board;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.Board;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.OrderResult;
import java.util.Locale;

/** What a board says, or an error with what helps. */
final class Answer {
  /** Between what is wrong and what helps. */
  private static final String HELP = "; ";

  private static final String USUAL_HELP = "See docs/board.md.";

  private Answer() {}

  /**
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where it says nothing
   */
  static <T> T of(Said<T> said, Board board) {
    return switch (said) {
      case Said.Yes<T>(var value) -> value;
      case Said.No<T>(var why) -> {
        int help = why.indexOf(HELP);
        String what = help < 0 ? why : why.substring(0, help);
        String remedy = help < 0 ? USUAL_HELP : sentence(why.substring(help + HELP.length()));
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE, board.name(), sentence(what), remedy);
      }
    };
  }

  /**
   * Passes over those that are done, or were so already.
   *
   * @throws SoleboxException {@code HARDWARE_GUARD} for those that it refuses
   */
  static void require(OrderResult result, Board board) {
    switch (result) {
      case DONE, ALREADY -> {}
      case REFUSED_FAULT -> {
        BoardFault fault = of(board.status(), board).fault();
        throw refused(board, "A fault is latched: " + fault.words() + ".", help(fault));
      }
      case REFUSED_CAUSE -> {
        BoardStatus status = of(board.status(), board);
        throw refused(
            board,
            "The cause is still there: " + status.fault().words() + ".",
            help(status.fault()));
      }
      case REFUSED_STATE -> {
        BoardStatus status = of(board.status(), board);
        throw refused(
            board,
            "Not now. " + Words.sentence(status.state()),
            "Wait until it is done: 'solebox board status'.");
      }
      case BAD_ARGUMENT -> throw refused(board, "The board does not take that value.", USUAL_HELP);
      case UNKNOWN_ORDER, UNKNOWN ->
          throw refused(
              board,
              "The board does not know that order, or this program not its answer.",
              "Update the older of the two.");
    }
  }

  private static String help(BoardFault fault) {
    return fault.remedy().isEmpty() ? "See 'solebox board status'." : fault.remedy();
  }

  private static SoleboxException refused(Board board, String what, String remedy) {
    return new SoleboxException(ErrorCode.HARDWARE_GUARD, board.name(), what, remedy);
  }

  private static String sentence(String clause) {
    String capital = clause.isEmpty() ? "" : clause.substring(0, 1).toUpperCase(Locale.ROOT);
    return clause.startsWith("/") ? clause + "." : capital + clause.substring(1) + ".";
  }
}
