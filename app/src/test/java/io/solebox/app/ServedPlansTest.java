package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.plan.ServedPlans;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.plan.PlanWish;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators may ask a server to plan. */
class ServedPlansTest {
  @TempDir private Path home;

  private Map<String, Object> plan(String model, Map<String, List<String>> said) {
    var environment =
        new Environment(Map.of("SOLEBOX_HOME", home.toString()), home, Optional.empty());
    return new ServedPlans(Console.system(), environment).plan(new PlanWish(model, said));
  }

  @Test
  void fieldsAreTheWordsOfTheCommand() {
    Map<String, Object> plan =
        plan(
            "13b",
            Map.of(
                "cards", List.of("2x V100-SXM2-32GB"),
                "quantization", List.of("Q4_K_M"),
                "kv_type", List.of("q8_0"),
                "context", List.of("4096"),
                "wanted", List.of("87.0"),
                "supply", List.of("1400W platinum"),
                "duty", List.of("6:2:16")));
    assertEquals(true, plan.get("fits"));
    String sections = plan.get("sections").toString();
    assertTrue(sections.contains("Tesla V100 SXM2 32GB"), sections);
    assertTrue(sections.contains("87.0 tok/s needs"), sections);
    assertTrue(plan.get("plan").toString().contains("Q4_K_M"), plan::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/hosts", "../x", "~/x", "@/etc/hosts", "x.gguf", "--json"})
  void filesAndOptionsAreNoModels(String model) {
    assertThrows(SoleboxException.class, () -> plan(model, Map.of("cards", List.of("A4000"))));
  }

  @Test
  void whatMakesNoSenseIsTheAskersMistake() {
    for (Map<String, List<String>> said :
        List.of(
            Map.of("cards", List.of("RTX 4009")),
            Map.of("duty", List.of("0:0:0"), "cards", List.of("A4000")),
            Map.of("context", List.of("99999999999999"), "cards", List.of("A4000")),
            Map.of("token_usd", List.of("-1.0"), "cards", List.of("A4000")))) {
      SoleboxException refused =
          assertThrows(SoleboxException.class, () -> plan("1b", said), said::toString);
      assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    }
  }
}
