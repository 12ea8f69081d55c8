package io.solebox.hardware.board;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardEvent.Cause;
import io.solebox.hardware.board.BoardStatus.Flag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Fields of answers ({@code firmware/core/link.h}), whatever a board puts there. What is longer was
 * made by a later firmware, and is passed over; numbers that are not known here say so.
 */
final class Payload {
  static final int INFO_BYTES = 24;

  /** With limits, which earlier firmware does not tell. */
  static final int LIMITED_INFO_BYTES = 40;

  static final int STATUS_BYTES = 38;
  static final int EVENT_BYTES = 16;
  private static final int BOARD_AT = 8;

  /** Of a temperature that nobody has told. */
  private static final int NO_TEMPERATURE = 0x7fff;

  /** Of a heartbeat that never came, or long ago. */
  private static final int NO_AGE = 0xffff;

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  static Said<BoardInfo> info(byte[] bytes) {
    if (bytes.length < INFO_BYTES) {
      return tooShort("who it is", bytes.length, INFO_BYTES);
    }
    Payload in = new Payload(bytes);
    return new Said.Yes<>(
        new BoardInfo(
            in.u8(0),
            in.u8(1) + "." + in.u8(2) + "." + in.u8(3),
            in.u8(4),
            in.u8(5) == 1,
            in.u16(6),
            in.text(BOARD_AT, INFO_BYTES),
            bytes.length < LIMITED_INFO_BYTES ? Optional.empty() : Optional.of(in.limits())));
  }

  private BoardLimits limits() {
    return new BoardLimits(window(24), window(28), window(32), i16(36) / 10.0, i16(38) / 10.0);
  }

  private BoardLimits.Window window(int at) {
    return new BoardLimits.Window(u16(at), u16(at + 2));
  }

  static Said<BoardStatus> status(byte[] bytes) {
    if (bytes.length < STATUS_BYTES) {
      return tooShort("how it is", bytes.length, STATUS_BYTES);
    }
    Payload in = new Payload(bytes);
    return new Said.Yes<>(
        new BoardStatus(
            of(BoardState.values(), in.u8(0)),
            of(BoardFault.values(), in.u8(1)),
            in.flags(2),
            in.u16(4),
            in.u16(6),
            in.u16(8),
            in.i16(10) / 10.0,
            in.i16(12) / 10.0,
            in.celsius(14),
            in.u8(16),
            in.u8(17),
            List.of(in.u16(18), in.u16(20)),
            in.time(22, 26),
            in.age(28),
            in.u32(30),
            in.u16(34),
            in.u8(36)));
  }

  /** Those that are whole. */
  static List<BoardEvent> events(byte[] bytes) {
    Payload in = new Payload(bytes);
    List<BoardEvent> events = new ArrayList<>();
    for (int at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
      events.add(in.event(at));
    }
    return events;
  }

  private BoardEvent event(int at) {
    int states = u8(at + 12);
    return new BoardEvent(
        u32(at),
        u8(at + 10),
        time(at + 4, at + 8),
        of(BoardState.values(), states >> 4),
        of(BoardState.values(), states & 0xf),
        of(Cause.values(), u8(at + 13)),
        of(BoardFault.values(), u8(at + 11)),
        i16(at + 14));
  }

  /** The last one stands for numbers that are not known here. */
  static <E> E of(E[] all, int number) {
    return all[Math.min(number, all.length - 1)];
  }

  private static <T> Said<T> tooShort(String what, int bytes, int least) {
    return new Said.No<>(
        "the board's answer on %s has %d bytes and not %d: its firmware is older than this program knows; update it"
            .formatted(what, bytes, least));
  }

  private int u8(int at) {
    return bytes[at] & 0xff;
  }

  private int u16(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  private int i16(int at) {
    return (short) u16(at);
  }

  private long u32(int at) {
    return u16(at) | (long) u16(at + 2) << 16;
  }

  private Duration time(int seconds, int millis) {
    return Duration.ofSeconds(u32(seconds)).plusMillis(u16(millis));
  }

  private OptionalDouble celsius(int at) {
    int tenths = i16(at);
    return tenths == NO_TEMPERATURE ? OptionalDouble.empty() : OptionalDouble.of(tenths / 10.0);
  }

  private Optional<Duration> age(int at) {
    int millis = u16(at);
    return millis == NO_AGE ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  private Set<Flag> flags(int at) {
    int bits = u16(at);
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag each : Flag.values()) {
      if ((bits & 1 << each.ordinal()) != 0) {
        flags.add(each);
      }
    }
    return flags;
  }

  /** ASCII up to the first zero; what is none is shown as a question mark. */
  private String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (byte each : Arrays.copyOfRange(bytes, from, to)) {
      if (each == 0) {
        break;
      }
      text.append(each >= ' ' && each < 0x7f ? (char) each : '?');
    }
    return text.toString();
  }
}
