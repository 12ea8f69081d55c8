package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Fields;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a board's controller has answered, as {@code solebox doctor} notes it: {@code
 * board-status.json} and {@code board-events.json} at the root.
 *
 * @param status scalars by their paths
 * @param events likewise
 */
public record BoardLook(Fields status, Fields events) {
  public static final String STATUS = "board-status.json";
  public static final String EVENTS = "board-events.json";

  /** As many as a board keeps, and some. */
  private static final int MOST_EVENTS = 1024;

  /** Where somebody has asked one; empty also where what was noted is no JSON. */
  public static Optional<BoardLook> of(Box box) {
    return fields(box, STATUS)
        .map(status -> new BoardLook(status, fields(box, EVENTS).orElse(Fields.NONE)));
  }

  private static Optional<Fields> fields(Box box, String file) {
    return box.read(file).content().map(Reading.Content::bytes).flatMap(Fields::of);
  }

  /** Where it is, as in {@code uart:/dev/ttyAMA1}. */
  public String address() {
    return status.text("address").orElse("?");
  }

  /** Why it has not answered; empty where it has. */
  public Optional<String> silence() {
    return status.text("silent");
  }

  /** Empty where a later version of this program has noted it, or nobody knows it. */
  public Optional<BoardState> state() {
    return Stream.of(BoardState.values())
        .filter(each -> status.text("status.state").filter(each.word()::equals).isPresent())
        .findFirst();
  }

  /** Likewise; {@link BoardFault#NONE} where nothing is latched. */
  public Optional<BoardFault> fault() {
    return fault(status.text("status.fault"));
  }

  private static Optional<BoardFault> fault(Optional<String> word) {
    return Stream.of(BoardFault.values())
        .filter(each -> word.filter(each.word()::equals).isPresent())
        .findFirst();
  }

  /** Whether it has a level or a mark, as in {@code host_late}. */
  public boolean has(String flag) {
    for (int i = 0; status.text("status.flags." + i).isPresent(); i++) {
      if (status.text("status.flags." + i).get().equals(flag)) {
        return true;
      }
    }
    return false;
  }

  public OptionalDouble number(String path) {
    return status.number(path);
  }

  public Optional<String> text(String path) {
    return status.text(path);
  }

  /** The turns of each fan. */
  public List<Double> fans() {
    List<Double> fans = new ArrayList<>();
    for (int i = 0; status.number("status.fan_rpm." + i).isPresent(); i++) {
      fans.add(status.number("status.fan_rpm." + i).getAsDouble());
    }
    return fans;
  }

  /** The last fault that it has noted, as a sentence; whether or not it stands. */
  public Optional<Evidence> lastFault() {
    Optional<Evidence> last = Optional.empty();
    for (int i = 0; i < MOST_EVENTS && events.text(i + ".number").isPresent(); i++) {
      Optional<BoardFault> fault =
          fault(events.text(i + ".fault")).filter(each -> each != BoardFault.NONE);
      if (fault.isPresent()) {
        last =
            Optional.of(
                new Evidence(
                    EVENTS,
                    0,
                    "event %s, %s s after start %s: %s > %s, %s%s"
                        .formatted(
                            events.text(i + ".number").orElse("?"),
                            events.text(i + ".at_seconds").orElse("?"),
                            events.text(i + ".boot").orElse("?"),
                            events.text(i + ".from").orElse("?"),
                            events.text(i + ".to").orElse("?"),
                            fault.get().words(),
                            measured(fault.get(), i))));
      }
    }
    return last;
  }

  private String measured(BoardFault fault, int event) {
    OptionalDouble value = events.number(event + ".value");
    return value.isEmpty()
        ? ""
        : fault.measured((int) value.getAsDouble()).map(words -> " (" + words + ")").orElse("");
  }

  /** A part of what it has answered, as it stands there. */
  public Evidence evidence(String path) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    return new Evidence(STATUS, 0, name + ": " + status.text(path).orElse("none"));
  }
}
