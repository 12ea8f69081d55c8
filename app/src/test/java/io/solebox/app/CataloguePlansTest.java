package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.catalogue.CatalogueModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans of models that nobody has pulled. */
@Timeout(240)
class CataloguePlansTest {
  @TempDir Path home;
  private CliRunner cli;

  @BeforeEach
  void start() {
    cli = new CliRunner(home);
  }

  private Map<String, Object> plan(String... more) {
    var arguments = new ArrayList<>(List.of("plan", "--json", "--card", "H200-141GB"));
    arguments.addAll(List.of(more));
    var result = cli.run(arguments.toArray(String[]::new));
    assertTrue(result.out().startsWith("{"), () -> more[0] + ": " + result.err());
    return result.object();
  }

  /** By its shape, or as far as only sizes are known by these. */
  @Test
  void eachModelOfTheCatalogueIsPlanned() {
    assertAll(Catalogue.ofDistribution().models().stream().map(model -> () -> check(model)));
  }

  private void check(CatalogueModel model) {
    Map<String, Object> plan = plan(model.name());
    assertEquals(
        model.parameters(), (double) (long) plan.get("parameters"), 0.04 * model.parameters());
    String notes = plan.get("notes").toString();
    assertTrue(notes.contains("It is not here"), notes);
    assertEquals(model.shape().isEmpty(), notes.contains("by its size only"), model.name());
    assertEquals(model.answers(), plan.containsKey("speed"), model.name());
    if (model.parameters() > 2e9) { // small ones have matrices that no small format takes
      double expected = model.estimatedBytes(model.usualFormat());
      assertEquals(expected, (long) plan.get("file_bytes"), 0.1 * expected, model.name());
    }
  }

  @Test
  void aQuantizationIsThatOfTheNameOrOfTheOption() {
    assertEquals("Q4_K_M", format("qwen3-8b"));
    assertEquals("Q8_0", format("catalogue:qwen3-8b:q8_0"));
    assertEquals("F16", format("qwen3-8b", "--quant", "F16"));
    assertTrue(plan("gpt-oss-20b").get("notes").toString().contains("MXFP4"));
    var unknown = cli.run("plan", "catalogue:none");
    assertEquals(1, unknown.exitCode());
    assertTrue(unknown.err().contains("the catalogue has no such model"), unknown.err());
    assertFalse(cli.run("plan", "8b").out().contains("catalogue"), "a shape of that name");
  }

  private String format(String... arguments) {
    return (String) plan(arguments).get("format");
  }
}
