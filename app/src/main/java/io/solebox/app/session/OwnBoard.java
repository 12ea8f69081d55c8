package io.solebox.app.session;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.line.BoardAddress;
import io.solebox.hardware.settings.HardwareSettings;
import java.util.Optional;

/** The board that this box is on, where its owner has named one. */
public final class OwnBoard {
  private static final String OFFLINE = "SOLEBOX_OFFLINE";

  private OwnBoard() {}

  /**
   * @throws SoleboxException {@code OFFLINE} where it is behind a connection and none may be opened
   */
  public static Optional<LinkedBoard> of(HardwareSettings settings, Environment environment) {
    return settings.board().map(named -> at(named.address(), environment));
  }

  /** The same for one that is named otherwise. */
  public static LinkedBoard at(BoardAddress address, Environment environment) {
    if (address instanceof BoardAddress.Tcp) {
      String offline = environment.variables().getOrDefault(OFFLINE, "");
      if (!offline.isEmpty() && !offline.equals("0")) {
        throw closed(address, OFFLINE + " is set");
      }
      if (environment.airGap() instanceof AirGap.Closed) {
        throw closed(address, "this process is kept apart");
      }
    }
    return LinkedBoard.at(address);
  }

  private static SoleboxException closed(BoardAddress address, String why) {
    return new SoleboxException(
        ErrorCode.OFFLINE,
        address.text(),
        "The board cannot be reached: " + why + ".",
        "Speak with it by a serial port, or let connections be opened.");
  }
}
