package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.error.Printable;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files and models say cannot command a terminal. */
class ConsoleTest {
  private static final String NASTY = "\u001b]0;x\u0007\u009b31m\u202e\u2066\u007f\r\b";
  private static final String HARMLESS = "\\x1b]0;x\\x07\\x9b31m\\u202e\\u2066\\x7f\\x0d\\x08";

  @TempDir Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(String terminals) {
    return new Console(new ByteArrayInputStream(new byte[0]), out, err, terminals, true);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void terminalsGetTheVisibleFormAndPipesTheText() {
    console("12").print("a\n\t\u00fc\u05d0" + NASTY);
    assertEquals("a\n\t\u00fc\u05d0" + HARMLESS, out());
    out.reset();
    console("").print(NASTY);
    assertEquals(NASTY, out());
  }

  @Test
  void messagesAreVisibleWhereverTheyGo() {
    console("").error(NASTY);
    console("").errorFaint(NASTY);
    assertEquals((HARMLESS + System.lineSeparator()).repeat(2), err());
    err.reset();
    console("2").errorFaint(NASTY);
    assertEquals("\u001b[2m" + HARMLESS + "\u001b[0m" + System.lineSeparator(), err());
    err.reset();
    console("2").status(NASTY);
    assertEquals("\r\u001b[K" + HARMLESS, err());
  }

  @Test
  void faintTextIsFaintOnTerminalsAlone() {
    console("1").printFaint(NASTY);
    assertEquals("\u001b[2m" + HARMLESS + "\u001b[0m", out());
    out.reset();
    console("").printFaint("a");
    assertEquals("a", out());
  }

  @Test
  void jsonHasNoCharacterThatActs() {
    String json = Json.text(Map.of("k", NASTY));
    assertTrue(json.chars().noneMatch(c -> Printable.acts((char) c)), json);
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    assertEquals(Map.of("k", NASTY), new JsonReader(JsonLimits.LOCAL).read(utf8));
  }

  /** A model file whose name, as its metadata has it, would set the window's title. */
  private String nastyModel() throws IOException {
    Path file = Path.of(new CliRunner(home).synth(home, "tiny", "Q8_0"));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("general.name") + "general.name".length() + 4 + 8;
    byte[] nasty = "\u001b]0;\u0007".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(nasty, 0, bytes, at, nasty.length);
    Files.write(file, bytes);
    return file.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12"})
  void inspectIsAlwaysVisible(String terminals) throws IOException {
    String model = nastyModel();
    Environment environment = new Environment(Map.of(), home, Optional.empty());
    assertEquals(0, Main.run(console(terminals), environment, "inspect", model), err());
    assertTrue(out().contains("\\x1b]0;\\x07"), out());
    assertEquals(0, Main.run(console(terminals), environment, "inspect", model, "--json"));
    assertFalse(out().contains("\u001b"), out());
    assertEquals(0, Main.run(console(terminals), environment, "run", model, "-p", "a", "-n", "1"));
    assertFalse((err() + out()).contains("\u001b]"), err());
  }

  @Test
  void aTemplatesMessageIsOneVisibleLine() throws IOException {
    Path template = home.resolve("t.jinja");
    Files.writeString(template, "{{ raise_exception('a\\x1b[31m\\nb') }}");
    Path input = home.resolve("input.json");
    Files.writeString(input, "{}");
    Environment environment = new Environment(Map.of(), home, Optional.empty());
    String[] line = {"template", "--file", template.toString(), "--input", input.toString()};
    assertEquals(1, Main.run(console("12"), environment, line));
    assertTrue(err().contains("a\\x1b[31m\\nb"), err());
    assertEquals(1, err().lines().count(), err());
  }
}
