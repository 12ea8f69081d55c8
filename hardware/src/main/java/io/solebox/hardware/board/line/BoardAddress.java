package io.solebox.hardware.board.line;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a board is, as in {@code uart:/dev/ttyAMA1@115200}. */
public sealed interface BoardAddress {
  /** How addresses are written, for messages. */
  String FORMS = "uart:/dev/ttyAMA1[@115200], spi:/dev/spidev0.0[@1000000] or tcp:HOST:PORT";

  /** As settings have it. */
  String text();

  /** The way there; nothing is opened yet. */
  Line line();

  /**
   * A serial port.
   *
   * @param baud bits in a second, one of {@link Baud}
   */
  record Uart(Path device, int baud) implements BoardAddress {
    public static final int USUAL_BAUD = 115_200;

    @Override
    public String text() {
      return "uart:" + device + (baud == USUAL_BAUD ? "" : "@" + baud);
    }

    @Override
    public Line line() {
      return new UartLine(this);
    }
  }

  /**
   * A device of spidev.
   *
   * @param hertz of its clock
   */
  record Spi(Path device, int hertz) implements BoardAddress {
    public static final int USUAL_HERTZ = 1_000_000;

    @Override
    public String text() {
      return "spi:" + device + (hertz == USUAL_HERTZ ? "" : "@" + hertz);
    }

    @Override
    public Line line() {
      return new SpiLine(this);
    }
  }

  /** A bridge or an emulator behind a port; not encrypted. */
  record Tcp(String host, int port) implements BoardAddress {
    @Override
    public String text() {
      return "tcp:" + host + ":" + port;
    }

    @Override
    public Line line() {
      return new TcpLine(this);
    }
  }

  /** Empty where it is not written so. */
  static Optional<BoardAddress> of(String text) {
    Matcher device = Patterns.DEVICE.matcher(text);
    if (device.matches()) {
      Path path = Path.of(device.group(2));
      int rate = device.group(3) == null ? 0 : Integer.parseInt(device.group(3));
      return device.group(1).equals("uart") ? uart(path, rate) : spi(path, rate);
    }
    Matcher tcp = Patterns.TCP.matcher(text);
    if (tcp.matches()) {
      int port = Integer.parseInt(tcp.group(2));
      return port >= 1 && port <= 65_535
          ? Optional.of(new Tcp(tcp.group(1), port))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<BoardAddress> uart(Path path, int rate) {
    int baud = rate == 0 ? Uart.USUAL_BAUD : rate;
    return Baud.code(baud).isPresent() ? Optional.of(new Uart(path, baud)) : Optional.empty();
  }

  private static Optional<BoardAddress> spi(Path path, int rate) {
    return Optional.of(new Spi(path, rate == 0 ? Spi.USUAL_HERTZ : rate));
  }

  /** An interface has no private fields. */
  final class Patterns {
    private static final Pattern DEVICE =
        Pattern.compile("(uart|spi):(/[^@\\s\\x00]+)(?:@(\\d{1,8}))?");
    private static final Pattern TCP =
        Pattern.compile("tcp:([\\w.\\-]+|\\[[0-9a-fA-F:.]+\\]):(\\d{1,5})");

    private Patterns() {}
  }
}
