package io.solebox.hardware.board;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.line.Line;
import io.solebox.hardware.board.line.LineTrouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One question and its answer. A question whose answer does not come is sent again as it is, by
 * which a board knows that it has done it already.
 */
final class Exchange {
  private static final int ANSWER = 0x80;
  private static final int OTHER_VERSION = 1;
  private static final int UNKNOWN_TYPE = 2;
  private static final int SHORT_PAYLOAD = 3;

  private final Line line;
  private final LinkPace pace;
  private final Frame question;
  private final FrameDecoder decoder = new FrameDecoder();
  private final byte[] buffer = new byte[512];
  private int sends;
  private int strange;
  private int lost;
  private boolean heardSomething;

  Exchange(Line line, LinkPace pace, Frame question) {
    this.line = line;
    this.pace = pace;
    this.question = question;
  }

  /** The answer to it, of this version, and no error. */
  Said<Frame> run() {
    String trouble = "";
    boolean isWorthATry = true;
    while (isWorthATry && sends < pace.sends() && lost < pace.sends()) {
      int before = sends;
      try (Line.Turn turn = line.take(pace.free())) {
        return inTurn(turn);
      } catch (LineTrouble e) {
        trouble = e.getMessage();
        isWorthATry = e.isGone() || sends > before; // else it was not even opened
        lost += isWorthATry ? 1 : 0;
      }
    }
    return new Said.No<>(trouble);
  }

  private Said<Frame> inTurn(Line.Turn turn) throws LineTrouble {
    while (sends < pace.sends()) {
      sends++;
      turn.send(question.bytes());
      Optional<Said<Frame>> answer = hear(turn);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return new Said.No<>(silence());
  }

  private Optional<Said<Frame>> hear(Line.Turn turn) throws LineTrouble {
    long end = System.nanoTime() + pace.answer().toNanos();
    while (true) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return answer(decoder.quiet());
      }
      Duration patience = Duration.ofNanos(Math.min(left, pace.quiet().toNanos()));
      int count = turn.receive(buffer, patience);
      for (int i = 0; i < count; i++) {
        heardSomething |= buffer[i] != 0 && buffer[i] != (byte) 0xff; // which idle lines are, too
      }
      Optional<Said<Frame>> answer =
          answer(count == 0 ? decoder.quiet() : decoder.take(buffer, count));
      if (answer.isPresent()) {
        return answer;
      }
    }
  }

  private Optional<Said<Frame>> answer(List<Frame> frames) {
    for (Frame each : frames) {
      if (each.sequence() != question.sequence()) {
        strange++;
      } else if (each.version() != Frame.VERSION) {
        return Optional.of(new Said.No<>(otherVersion(each.version())));
      } else if (each.type() == LinkType.ERROR && isAbout(each)) {
        return Optional.of(new Said.No<>(error(each.payload()[1] & 0xff)));
      } else if (isAnswer(each)) {
        return Optional.of(new Said.Yes<>(each));
      } else {
        strange++;
      }
    }
    return Optional.empty();
  }

  private boolean isAnswer(Frame frame) {
    return question.type() < LinkType.HEARTBEAT
        ? frame.type() == (question.type() | ANSWER)
        : frame.type() == LinkType.ACK && isAbout(frame);
  }

  /** Whether its payload begins with the question's type. */
  private boolean isAbout(Frame frame) {
    return frame.payload().length >= 2 && (frame.payload()[0] & 0xff) == question.type();
  }

  private static String otherVersion(int version) {
    return "the board speaks version %d of the link, and this program version %d; update the older one"
        .formatted(version, Frame.VERSION);
  }

  private String error(int error) {
    return switch (error) {
      case OTHER_VERSION -> otherVersion(0).replace("version 0", "another version");
      case UNKNOWN_TYPE ->
          "the board does not know requests of type 0x%02x; update its firmware"
              .formatted(question.type());
      case SHORT_PAYLOAD ->
          "the board wants more than %d bytes with a request of type 0x%02x; update the older one"
              .formatted(question.payload().length, question.type());
      default ->
          "the board answers with error %d, which this program does not know".formatted(error);
    };
  }

  private String silence() {
    String why;
    if (decoder.good() > 0) {
      why = "what came answers something else; does another program speak with it?";
    } else if (decoder.bad() > 0) {
      why = "what came is damaged; check its wiring, its ground, and the speed of the line";
    } else if (heardSomething) {
      why =
          "what came is no frame; check the speed of the line, and that a board is at its other end";
    } else {
      why = "nothing came; check its power, its wiring (TX to RX), and that its firmware runs";
    }
    return "the board does not answer, asked %d times: %s".formatted(sends, why);
  }

  LinkCounts counts(boolean answered) {
    return new LinkCounts(
        1,
        answered ? 1 : 0,
        Math.max(0, sends - 1),
        strange,
        decoder.bad(),
        decoder.skipped(),
        lost);
  }
}
