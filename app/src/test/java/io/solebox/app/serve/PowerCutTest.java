package io.solebox.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.Board;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardInfo;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.OrderResult;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who takes the power: the board, and the plug after it. There is no plug here, which is said. */
class PowerCutTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String PLUG =
      "there is no plug that could take the power away. Switch it off by hand.";

  private final List<String> told = new ArrayList<>();
  private Said<OrderResult> answer = new Said.Yes<>(OrderResult.DONE);
  private final PowerCut cut =
      new PowerCut(told::add, Optional.empty(), Optional.of(new StubBoard()), PATIENCE);

  private final class StubBoard implements Board {
    @Override
    public String name() {
      return "board";
    }

    @Override
    public Said<BoardInfo> info() {
      return new Said.No<>("not asked here");
    }

    @Override
    public Said<BoardStatus> status() {
      return new Said.No<>("not asked here");
    }

    @Override
    public Said<List<BoardEvent>> events(long first) {
      return new Said.No<>("not asked here");
    }

    @Override
    public Said<OrderResult> order(Order order) {
      assertEquals(new Order.EmergencyStop(), order);
      return answer;
    }

    @Override
    public void close() {}
  }

  private static Ruling ruling(Level level) {
    return new Ruling(level, List.of(new Ruling.Device("GPU-1", "A100", level, List.of())));
  }

  private static Snapshot seen(Measured core) {
    var gpu =
        new DeviceReading(
            DeviceReading.Kind.GPU, "GPU-1", "A100", Map.of(Metric.CORE_CELSIUS, core));
    return new Snapshot(Instant.EPOCH, List.of(), List.of(gpu));
  }

  private void follow(Level level, Measured core, Duration after) {
    cut.follow(ruling(level), seen(core), after.toNanos());
  }

  @Test
  void aBoardThatRefusesOrIsSilentHasNotTakenIt() {
    answer = new Said.Yes<>(OrderResult.REFUSED_STATE);
    assertFalse(cut.byBoard(0));
    answer = new Said.No<>("no answer came");
    assertFalse(cut.byBoard(0));
    assertTrue(told.getLast().contains("no answer came"), told.toString());
    assertFalse(new PowerCut(told::add, Optional.empty(), Optional.empty(), PATIENCE).byBoard(0));
  }

  @Test
  void thePlugIsLeftAloneWhereTheHotCardHasFallenSilent() {
    assertTrue(cut.byBoard(0));
    follow(Level.CUT, Measured.missing("the GPU is lost"), PATIENCE);
    follow(Level.CUT, Measured.now(99), PATIENCE.multipliedBy(2));
    assertEquals(List.of("the board has taken the module's power."), told);
  }

  @Test
  void thePlugIsLeftAloneWhereItHasCooled() {
    assertTrue(cut.byBoard(0));
    follow(Level.STOPPED, Measured.now(80), Duration.ofSeconds(40));
    follow(Level.CUT, Measured.now(99), PATIENCE);
    assertEquals(1, told.size(), told.toString());
  }

  @Test
  void thePlugTakesThePowerOfACardThatIsNotOnTheBoard() {
    assertTrue(cut.byBoard(0));
    follow(Level.CUT, Measured.now(99), PATIENCE.minusNanos(1));
    assertEquals(1, told.size(), told.toString());
    follow(Level.CUT, Measured.now(99), PATIENCE);
    follow(Level.CUT, Measured.now(99), PATIENCE.plusSeconds(1));
    assertEquals(
        List.of("A100 has power all the same, and is as hot.", PLUG), told.subList(1, told.size()));
  }
}
