package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.plan.PlanWish;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanApiTest {
  private final List<PlanWish> wishes = new ArrayList<>();

  private Map<String, Object> plan(PlanWish wish) {
    wishes.add(wish);
    if (wish.model().equals("unknown")) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, "card", "There is no card.", "The nearest are A, B.");
    }
    return Map.of("fits", true, "sections", List.of(), "plan", Map.of("kept", wish.model()));
  }

  private TestServer server() throws IOException {
    return new TestServer(ServerConfig.defaults().withPlanning(this::plan));
  }

  @Test
  void whatIsSaidComesToThePlanner() throws IOException {
    try (TestServer server = server()) {
      RawClient.Answer answer =
          server.post(
              "/admin/plan",
              """
              {"model": "13b", "cards": ["2x PG199"], "clients": 8, "wanted": 87, "kv_type": null}""");
      assertEquals(200, answer.status(), answer::text);
      assertTrue(answer.text().contains("\"kept\":\"13b\""), answer::text);
    }
    assertEquals(
        new PlanWish(
            "13b",
            Map.of(
                "cards", List.of("2x PG199"), "clients", List.of("8"), "wanted", List.of("87.0"))),
        wishes.getFirst());
  }

  @Test
  void whatMakesNoSenseIsRefusedWithTheRemedy() throws IOException {
    try (TestServer server = server()) {
      RawClient.Answer unknown = server.post("/admin/plan", "{\"model\": \"unknown\"}");
      assertEquals(400, unknown.status());
      assertTrue(unknown.text().contains("The nearest are A, B."), unknown::text);
      assertEquals(400, server.post("/admin/plan", "{}").status());
      assertEquals(400, server.post("/admin/plan", "{\"model\": \"1b\", \"card\": 1}").status());
      assertEquals(400, server.post("/admin/plan", "{\"model\": \"1b\", \"cards\": [1]}").status());
    }
  }

  @Test
  void aServerWithoutAPlannerSaysSo() throws IOException {
    try (TestServer server = new TestServer(ServerConfig.defaults())) {
      RawClient.Answer answer = server.post("/admin/plan", "{\"model\": \"1b\"}");
      assertEquals(400, answer.status());
      assertTrue(answer.text().contains("without a planner"), answer::text);
    }
  }
}
