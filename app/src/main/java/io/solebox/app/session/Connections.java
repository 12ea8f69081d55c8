package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Proxies;
import java.util.Optional;

/** Whether commands may open connections to other machines, as their environment says. */
public final class Connections {
  /** A variable that closes the way for all commands. */
  private static final String OFFLINE = "SOLEBOX_OFFLINE";

  private Connections() {}

  public static Network of(Environment environment) {
    Optional<String> gap = environment.airGap().closedBecause();
    if (gap.isPresent()) {
      return new Network.Closed(gap.get());
    }
    String variable = environment.variables().getOrDefault(OFFLINE, "");
    return variable.isEmpty() || variable.equals("0")
        ? new Network.Open(Proxies.of(environment.variables()))
        : new Network.Closed(OFFLINE + " is set");
  }
}
