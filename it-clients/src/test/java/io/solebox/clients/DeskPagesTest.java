package io.solebox.clients;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The desk in a browser: accounts, and a box with a store. */
@Timeout(960)
class DeskPagesTest {
  static final String FILES = "(desk|box)\\.test\\.mjs";

  @Test
  void desksDoWhatPeopleClick() throws IOException, InterruptedException {
    try (var box = new BoxProcess(0);
        var issuer = new Issuer();
        var closed = new ScriptedServer(config -> UiServer.closed(config, issuer))) {
      PageTools.click(
          "desks",
          FILES,
          Map.of(
              "SOLEBOX_ACCOUNTS_URL", closed.url(),
              "SOLEBOX_CODE", closed.setUpCode(),
              "SOLEBOX_BOX_URL", box.url(),
              "SOLEBOX_BOX_CODE", box.setUpCode(),
              "SOLEBOX_HUB_URL", box.hubUrl(),
              "SOLEBOX_MODEL_FILE", box.file()));
    }
  }
}
