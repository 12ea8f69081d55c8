package io.solebox.clients;

import io.solebox.server.host.HostDesk;
import io.solebox.server.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first boot of an appliance in a browser; its machine only takes note of what is asked. */
@Timeout(960)
class AppliancePagesTest {
  static final String FILES = "appliance\\.test\\.mjs";

  private static final String MACHINE =
      """
      {"devices": [
        {"name": "enp1s0", "wireless": false, "connected": true},
        {"name": "wlan0", "wireless": true, "connected": false}],
       "radio": true, "name": "solebox", "zone": "Etc/UTC", "air_gap": true}
      """;

  @Test
  void firstBootDoesWhatPeopleClick() throws IOException, InterruptedException {
    Path home = StateFolder.make().toAbsolutePath();
    Path machine = home.resolve(HostDesk.FOLDER);
    Files.createDirectories(machine.resolve(HostDesk.REQUESTS));
    Files.createDirectories(machine.resolve(HostDesk.RESULTS));
    Files.writeString(machine.resolve(HostDesk.RESULTS).resolve(HostDesk.MACHINE), MACHINE);
    var tls = TlsConfig.of(new TlsConfig.Certificate.Own(home.resolve("server/tls")));
    try (var server =
        new ScriptedServer(
            config ->
                config
                    .withHost("localhost")
                    .withStateFile(home.resolve("server/server.db"))
                    .withTls(tls)
                    .withMachine(home)
                    .withSetUp())) {
      PageTools.click(
          "appliance",
          FILES,
          Map.of(
              "SOLEBOX_APPLIANCE_URL",
              server.url().replace("http://127.0.0.1", "https://localhost"),
              "SOLEBOX_APPLIANCE_HOME",
              home.toString()));
    }
  }
}
