package io.solebox.app.board;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** An order, what becomes of it, and how that is told. */
final class Ordering {
  /** A board that powers up or down has done it, or given up, by then. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 50;

  private final Console console;
  private final LinkedBoard board;
  private final boolean json;

  Ordering(Console console, LinkedBoard board, boolean json) {
    this.console = console;
    this.board = board;
    this.json = json;
  }

  /**
   * Gives it.
   *
   * @throws SoleboxException if it is refused, or nothing answers
   */
  OrderResult give(Order order) {
    OrderResult result = Answer.of(board.order(order), board);
    Answer.require(result, board);
    return result;
  }

  /**
   * Waits until the board is where an order leads.
   *
   * @param event that there must be by then: it may be there from before
   * @throws SoleboxException {@code HARDWARE_GUARD} if it latches a fault on the way, {@code
   *     DEADLINE_EXCEEDED} if it does neither
   */
  void await(BoardState wanted, long event) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      BoardStatus status = Answer.of(board.status(), board);
      if (status.state() == wanted && status.lastEvent() >= event) {
        return;
      }
      if (status.state() == BoardState.FAULT) {
        throw new SoleboxException(
            ErrorCode.HARDWARE_GUARD,
            board.name(),
            "It did not get there: " + status.fault().words() + ".",
            status.fault().remedy());
      }
      if (System.nanoTime() - end > 0) {
        throw new SoleboxException(
            ErrorCode.DEADLINE_EXCEEDED,
            board.name(),
            "It has not got there in %d s. %s"
                .formatted(PATIENCE.toSeconds(), Words.sentence(status.state())),
            "See 'solebox board status' and 'solebox board events'.");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /**
   * Says what came of it.
   *
   * @param word the order's
   */
  void tell(String word, OrderResult result, String words) {
    if (!json) {
      console.println(words);
      return;
    }
    BoardStatus status = Answer.of(board.status(), board);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("order", word);
    fields.put("result", result.name().toLowerCase(Locale.ROOT));
    fields.put("state", status.state().word());
    fields.put("fault", status.fault() == BoardFault.NONE ? null : status.fault().word());
    console.println(Json.text(fields));
  }
}
