package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.scout.ScoutMute;
import io.solebox.server.scout.ScoutQuestion;
import io.solebox.server.scout.Scouting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoutApiTest {
  /** What was asked, in order. */
  private final List<Object> asked = new ArrayList<>();

  private final Scouting scout =
      new Scouting() {
        private Map<String, Object> heard(Object question) {
          asked.add(question);
          return Map.of("object", "heard");
        }

        @Override
        public Map<String, Object> look(ScoutQuestion question) {
          return heard(question);
        }

        @Override
        public Map<String, Object> history(String card, String currency, int days) {
          return heard(card + "/" + currency + "/" + days);
        }

        @Override
        public Map<String, Object> mute(ScoutMute mute) {
          return heard(mute);
        }

        @Override
        public Map<String, Object> unmute(ScoutMute.Of of) {
          return heard(of);
        }

        @Override
        public Map<String, Object> thumbnail(String item) {
          if (item.equals("gone")) {
            throw new SoleboxException(
                ErrorCode.INVALID_PARAMETER, "item", "It is gone.", "Look again.");
          }
          return heard(item);
        }

        @Override
        public Map<String, Object> resume(String channel) {
          return heard(channel);
        }
      };

  private TestServer server() throws IOException {
    return new TestServer(ServerConfig.defaults().withScouting(scout));
  }

  @Test
  void filtersComeToTheScoutAsTheyWereSaid() throws IOException {
    try (TestServer server = server()) {
      assertEquals(200, server.get("/admin/scout").status());
      assertEquals(
          200,
          server
              .get(
                  "/admin/scout?card=PG199&suspicious=no&currency=EUR&most=199.90&text=a%20b"
                      + "&sort=standing&limit=5&offset=10&site=")
              .status());
      assertEquals(200, server.get("/admin/scout/history?card=PG199&days=30").status());
    }
    assertEquals(
        List.of(
            new ScoutQuestion(Map.of(), "newest", 50, 0),
            new ScoutQuestion(
                Map.of(
                    "card", "PG199",
                    "suspicious", "no",
                    "currency", "EUR",
                    "most", "199.90",
                    "text", "a b"),
                "standing",
                5,
                10),
            "PG199//30"),
        asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?sort=cheapest",
        "?happening=gone",
        "?suspicious=perhaps",
        "?least=-1",
        "?most=1e999999999",
        "?limit=0",
        "?offset=x",
        "/history",
        "/history?card=PG199&days=0"
      })
  void whatMakesNoSenseIsRefused(String query) throws IOException {
    try (TestServer server = server()) {
      RawClient.Answer answer = server.get("/admin/scout" + query);
      assertEquals(400, answer.status(), answer::text);
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void mutesAndWishesComeToTheScout() throws IOException {
    try (TestServer server = server()) {
      server.post("/admin/scout/mute", "{\"what\": \"seller\", \"of\": \"k1\"}");
      server.post("/admin/scout/snooze", "{\"what\": \"card\", \"of\": \"PG199\", \"hours\": 24}");
      server.post("/admin/scout/unmute", "{\"what\": \"card\", \"of\": \"PG199\"}");
      server.post("/admin/scout/thumbnail", "{\"item\": \"i1\"}");
      server.post("/admin/scout/resume", "{\"channel\": \"phone\"}");
      RawClient.Answer gone = server.post("/admin/scout/thumbnail", "{\"item\": \"gone\"}");
      assertEquals(400, gone.status());
      assertTrue(gone.text().contains("Look again."), gone::text);
      for (String wrong :
          List.of(
              "{\"what\": \"planet\", \"of\": \"x\", \"hours\": 1}",
              "{\"what\": \"card\", \"hours\": 1}",
              "{\"what\": \"card\", \"of\": \"x\"}",
              "{\"what\": \"card\", \"of\": \"x\", \"hours\": 0}",
              "{\"what\": \"card\", \"of\": \"x\", \"hours\": 1, \"until\": 1}")) {
        assertEquals(400, server.post("/admin/scout/snooze", wrong).status(), wrong);
      }
    }
    assertEquals(
        List.of(
            new ScoutMute(new ScoutMute.Of("seller", "k1"), OptionalInt.empty()),
            new ScoutMute(new ScoutMute.Of("card", "PG199"), OptionalInt.of(24)),
            new ScoutMute.Of("card", "PG199"),
            "i1",
            "phone"),
        asked);
  }

  @Test
  void aServerWithoutAScoutSaysSo() throws IOException {
    try (TestServer server = new TestServer(ServerConfig.defaults())) {
      RawClient.Answer answer = server.get("/admin/scout");
      assertEquals(400, answer.status());
      assertTrue(answer.text().contains("without a scout"), answer::text);
    }
  }
}
