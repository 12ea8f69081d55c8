package io.solebox.hardware.board;

import io.solebox.hardware.answer.Said;
import java.util.List;

/**
 * The controller of a board, asked over its link. Each answer comes within a deadline; several
 * processes may speak with one board, each for the time of one question.
 */
public interface Board extends AutoCloseable {
  /** For people, as in {@code uart:/dev/ttyAMA1}. */
  String name();

  /** Who it is. */
  Said<BoardInfo> info();

  /** How it is. */
  Said<BoardStatus> status();

  /**
   * What became of it.
   *
   * @param first the number of the first event that is wanted; older ones may be gone
   * @return oldest first, to the last that there is
   */
  Said<List<BoardEvent>> events(long first);

  /** Has something done; sent again where the answer does not come, and done once. */
  Said<OrderResult> order(Order order);

  @Override
  void close();
}
