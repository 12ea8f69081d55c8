package io.solebox.hardware.board;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.board.line.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A board at the other end of a line. Any thread may ask; one question after the other is asked. A
 * device that has gone is opened again by the next question.
 */
public final class LinkedBoard implements Board {
  /** Each answer has at most eight; boards that say more than so many are not believed. */
  private static final int MOST_EVENTS = 1024;

  private static final long LAST_NUMBER = 0xffff_ffffL;

  private final Line line;
  private final LinkPace pace;
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Begun anywhere, so that the orders of two processes do not look like one sent twice. */
  private int sequence = ThreadLocalRandom.current().nextInt(256);

  private volatile LinkCounts counts = LinkCounts.NONE;

  /**
   * @param line closed with it
   */
  public LinkedBoard(Line line, LinkPace pace) {
    this.line = line;
    this.pace = pace;
  }

  /** Nothing is opened yet. */
  public static LinkedBoard at(BoardAddress address) {
    return new LinkedBoard(address.line(), LinkPace.USUAL);
  }

  @Override
  public String name() {
    return line.name();
  }

  @Override
  public Said<BoardInfo> info() {
    return after(ask(LinkType.GET_INFO), answer -> Payload.info(answer.payload()));
  }

  @Override
  public Said<BoardStatus> status() {
    return after(ask(LinkType.GET_STATUS), answer -> Payload.status(answer.payload()));
  }

  @Override
  public Said<List<BoardEvent>> events(long first) {
    List<BoardEvent> all = new ArrayList<>();
    long next = Math.clamp(first, 0, LAST_NUMBER);
    while (all.size() < MOST_EVENTS) {
      switch (ask(LinkType.GET_EVENTS, number(next))) {
        case Said.No<Frame>(var why) -> {
          return new Said.No<>(why);
        }
        case Said.Yes<Frame>(var answer) -> {
          List<BoardEvent> events = Payload.events(answer.payload());
          for (BoardEvent each : events) {
            if (each.number() < next) {
              return new Said.No<>(
                  "the board tells event %d where %d or a later one was asked for; update its firmware"
                      .formatted(each.number(), next));
            }
            all.add(each);
            next = each.number() + 1;
          }
          if (events.isEmpty() || next > LAST_NUMBER) {
            return new Said.Yes<>(List.copyOf(all));
          }
        }
      }
    }
    return new Said.No<>("the board tells events without an end; update its firmware");
  }

  @Override
  public Said<OrderResult> order(Order order) {
    return after(
        exchange(sequence -> OrderFrame.of(order, sequence)),
        answer -> new Said.Yes<>(Payload.of(OrderResult.values(), answer.payload()[1] & 0xff)));
  }

  /** So far. */
  public LinkCounts counts() {
    return counts;
  }

  @Override
  public void close() {
    turn.lock();
    try {
      line.close();
    } finally {
      turn.unlock();
    }
  }

  private static byte[] number(long value) {
    return new byte[] {
      (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
    };
  }

  private Said<Frame> ask(int type, byte... payload) {
    return exchange(sequence -> Frame.of(type, sequence, payload));
  }

  private Said<Frame> exchange(Function<Integer, Frame> question) {
    try {
      if (!turn.tryLock(pace.free().toNanos(), TimeUnit.NANOSECONDS)) {
        return new Said.No<>("the board is busy with other questions; ask again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said.No<>("whoever asked was interrupted");
    }
    try {
      sequence = (sequence + 1) & 0xff;
      Exchange exchange = new Exchange(line, pace, question.apply(sequence));
      Said<Frame> answer = exchange.run();
      counts = counts.plus(exchange.counts(answer instanceof Said.Yes));
      return answer;
    } finally {
      turn.unlock();
    }
  }

  private static <T> Said<T> after(Said<Frame> answer, Function<Frame, Said<T>> reading) {
    return switch (answer) {
      case Said.Yes<Frame>(var frame) -> reading.apply(frame);
      case Said.No<Frame>(var why) -> new Said.No<>(why);
    };
  }
}
