package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kernel holds, and the proof of it is one. */
class AirGapProveTest {
  @TempDir static Path home;
  private static CliRunner.Result proved;
  private static Path file;

  @BeforeAll
  static void prove() {
    file = home.resolve("proof.json");
    proved = new CliRunner(home).run("airgap", "prove", "--out", file.toString());
    boolean none = proved.err().contains("seccomp: ");
    Assumptions.assumeFalse(none, () -> "SKIPPED: no filter may be installed: " + proved.err());
  }

  private static CliRunner.Result verify(Path proof, String... more) {
    var arguments = new ArrayList<>(List.of("airgap", "verify", proof.toString()));
    arguments.addAll(List.of(more));
    return new CliRunner(home).run(arguments.toArray(String[]::new));
  }

  @Test
  void everyWayIsHeld() {
    assertEquals(0, proved.exitCode(), proved.out() + proved.err());
    assertFalse(proved.out().contains("WENT THROUGH"), proved.out());
    assertTrue(proved.out().contains("signed by this box"), proved.out());

    Map<String, Object> proof = CliRunner.asObject(verify(file, "--json").object().get("proof"));
    assertEquals(0L, number(proof, "went_through"), proof.toString());
    // Without a gap they lead out: the same attempts prove nothing otherwise.
    assertTrue(number(proof, "held_and_possible_without") >= 30, proof.toString());
    assertEquals(proof.get("threads"), proof.get("filtered_threads"));
    for (String way : List.of("java-tcp4", "java-udp4", "java-process", "connect4", "unix")) {
      Map<String, Object> row = attempt(proof, way);
      assertEquals("held", row.get("with"), row.toString());
      assertEquals("through", row.get("without"), row.toString());
    }
    for (String way : List.of("java-lookup", "libc-lookup", "java-far")) {
      assertEquals("held", attempt(proof, way).get("with"));
      assertEquals("not_tried", attempt(proof, way).get("without"), "it would leave the machine");
    }
  }

  private static Map<String, Object> attempt(Map<String, Object> proof, String id) {
    var attempts = assertInstanceOf(List.class, proof.get("attempts"));
    return List.of(attempts.toArray()).stream()
        .map(CliRunner::asObject)
        .filter(row -> row.get("id").equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no attempt " + id));
  }

  private static long number(Map<String, Object> proof, String name) {
    return assertInstanceOf(Number.class, proof.get(name)).longValue();
  }

  @Test
  void aProofIsSignedByItsBox(@TempDir Path other) {
    CliRunner.Result verified = verify(file);
    assertEquals(0, verified.exitCode(), verified.err());
    assertTrue(verified.out().contains("held: all"), verified.out());

    CliRunner.Result elsewhere = new CliRunner(other).run("airgap", "verify", file.toString());
    assertEquals(Main.FAILED, elsewhere.exitCode());
    assertTrue(elsewhere.err().contains("signed by another box"), elsewhere.err());
    String signer = (String) verify(file, "--json").object().get("signed_by");
    assertEquals(
        0,
        new CliRunner(other)
            .run("airgap", "verify", file.toString(), "--fingerprint", signer)
            .exitCode());
  }

  @Test
  void whateverIsChangedIsFound(@TempDir Path folder) throws IOException {
    String text = Files.readString(file);
    Map<String, Object> signed = CliRunner.asObject(CliRunner.json(text));
    String proof = (String) signed.get("proof");
    String inside = new String(Base64.getDecoder().decode(proof), StandardCharsets.UTF_8);
    String held = inside.replaceFirst("EPERM", "EACCES");
    List<String> changed =
        List.of(
            text.replace(
                proof, Base64.getEncoder().encodeToString(held.getBytes(StandardCharsets.UTF_8))),
            text.replace("\"signature\":\"", "\"signature\":\"AAAA"),
            text.replace("BEGIN PUBLIC KEY", "BEGIN KEY"),
            text.substring(0, text.length() / 2),
            "{}",
            "");
    Path bad = folder.resolve("bad.json");
    for (String wrong : changed) {
      Files.writeString(bad, wrong);
      CliRunner.Result result = verify(bad);
      assertEquals(Main.FAILED, result.exitCode(), wrong);
      assertTrue(result.err().contains("[untrusted]"), result.err());
    }
    assertTrue(verify(folder.resolve("none")).err().contains("[io_error]"));
  }

  @Test
  void theSettingBindsADataFolder(@TempDir Path folder) {
    var cli = new CliRunner(folder);
    assertEquals("air gap: none\n", cli.run("airgap", "setting").out());
    assertEquals(0, cli.run("airgap", "setting", "required").exitCode());
    assertEquals("required", cli.run("airgap", "setting", "--json").object().get("setting"));
    assertEquals(Main.FAILED, cli.run("airgap", "setting", "perhaps").exitCode());
    assertEquals(Main.WRONG_USAGE, cli.run("airgap").exitCode());
    assertEquals(Main.WRONG_USAGE, cli.run("airgap", "prove", "--air-gap").exitCode());
  }
}
