package io.solebox.app.session;

import io.solebox.app.airgap.AirGap;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.plug.Plug;
import io.solebox.hardware.plug.PlugSettings;
import io.solebox.hardware.settings.HardwareSettings;
import java.util.Optional;

/** The plug before this box, where its owner has named one and connections may be opened. */
public final class OwnPlug {
  private static final String OFFLINE = "SOLEBOX_OFFLINE";

  private OwnPlug() {}

  /**
   * @throws SoleboxException {@code OFFLINE} where nothing may be connected to, {@code IO_ERROR}
   *     for the file of its password
   */
  public static Optional<Plug> of(HardwareSettings settings, Environment environment) {
    return settings.plug().map(named -> open(named, environment));
  }

  private static Plug open(PlugSettings named, Environment environment) {
    String offline = environment.variables().getOrDefault(OFFLINE, "");
    if (!offline.isEmpty() && !offline.equals("0")) {
      throw closed(named, OFFLINE + " is set");
    }
    if (environment.airGap() instanceof AirGap.Closed) {
      throw closed(named, "this process is kept apart");
    }
    return switch (named.plug()) {
      case Said.Yes<Plug>(var plug) -> plug;
      case Said.No<Plug>(var why) ->
          throw new SoleboxException(
              ErrorCode.IO_ERROR,
              named.address(),
              "The plug cannot be used: " + why + ".",
              "See plug.password_file in hardware.properties.");
    };
  }

  private static SoleboxException closed(PlugSettings named, String why) {
    return new SoleboxException(
        ErrorCode.OFFLINE,
        named.address(),
        "The plug cannot be reached: " + why + ".",
        "Take 'plug' out of hardware.properties, or let connections be opened.");
  }
}
