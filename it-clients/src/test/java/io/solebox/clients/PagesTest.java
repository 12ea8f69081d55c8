package io.solebox.clients;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pages: their types, their modules without a browser, and the chat in one. */
@Timeout(960)
class PagesTest {
  @Test
  void typesHold() throws IOException, InterruptedException {
    PageTools.run("types", List.of("node_modules/.bin/tsc", "-p", "."), Map.of());
  }

  @Test
  void modulesDoWhatTheySay() throws IOException, InterruptedException {
    PageTools.node("modules", "test", ".*", Map.of());
  }

  /** All pages but those of {@link DeskPagesTest}. */
  @Test
  void chatsDoWhatPeopleClick() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      PageTools.click(
          "chats",
          "(?!" + DeskPagesTest.FILES + "|" + AppliancePagesTest.FILES + ").*",
          Map.of("SOLEBOX_URL", server.url()));
    }
  }
}
