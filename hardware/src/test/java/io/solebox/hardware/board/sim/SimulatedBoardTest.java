package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardState;
import org.junit.jupiter.api.Test;

class SimulatedBoardTest {
  @Test
  void powersUp() {
    SimulatedBoard b = ((Said.Yes<SimulatedBoard>) SimulatedBoard.start(1, 0)).value();
    b.order(0x12, 0);
    b.step(1000);
    assertEquals(BoardState.RUN, b.state());
    b.close();
  }
}
