package io.solebox.hardware.board;

import java.util.OptionalDouble;

/** Orders as frames. */
final class OrderFrame {
  private static final int NO_TEMPERATURE = 0x7fff;
  private static final byte[] NOTHING = {};

  private OrderFrame() {}

  static Frame of(Order order, int sequence) {
    return switch (order) {
      case Order.Heartbeat(var celsius) ->
          Frame.of(LinkType.HEARTBEAT, sequence, word(tenths(celsius)));
      case Order.Goodbye _ -> Frame.of(LinkType.GOODBYE, sequence, NOTHING);
      case Order.On _ -> Frame.of(LinkType.ON, sequence, NOTHING);
      case Order.Off _ -> Frame.of(LinkType.OFF, sequence, NOTHING);
      case Order.Cycle _ -> Frame.of(LinkType.CYCLE, sequence, NOTHING);
      case Order.ResetFault _ -> Frame.of(LinkType.RESET_FAULT, sequence, NOTHING);
      case Order.EmergencyStop _ -> Frame.of(LinkType.EMERGENCY_STOP, sequence, NOTHING);
      case Order.Fan(int percent) -> Frame.of(LinkType.FAN, sequence, (byte) percent);
    };
  }

  /** What is no temperature is none; what is hotter than can be said is as hot as can be. */
  private static int tenths(OptionalDouble celsius) {
    double value = celsius.orElse(Double.NaN);
    if (Double.isNaN(value)) {
      return NO_TEMPERATURE;
    }
    return (int) Math.round(Math.clamp(10 * value, Short.MIN_VALUE, NO_TEMPERATURE - 1));
  }

  private static byte[] word(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8)};
  }
}
