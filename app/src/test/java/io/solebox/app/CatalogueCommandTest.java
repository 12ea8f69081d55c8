package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A catalogue that comes by file, signed on one machine and taken by another. */
@Timeout(60)
class CatalogueCommandTest {
  private static final String OURS =
      """
      {"format":1,"version":%d,"date":"2027-01-31","models":[{"name":"ours-8b","title":"Ours 8B",
       "source":"we/Ours-8B-GGUF","architecture":"llama","parameters":8000000000,"context":8192,
       "license":"mit","uses":["chat"]}]}\
      """;

  private static final int LATER = 20270131;

  @TempDir Path maker;
  @TempDir Path home;
  private CliRunner there;
  private CliRunner here;

  @BeforeEach
  void open() {
    there = new CliRunner(maker);
    here = new CliRunner(home).with("SOLEBOX_OFFLINE", "1");
  }

  private static void run(CliRunner cli, String... arguments) {
    var result = cli.run(arguments);
    assertEquals(0, result.exitCode(), result.err());
  }

  private Path signed(int version) throws IOException {
    Path json = maker.resolve(version + ".json");
    Files.writeString(json, OURS.formatted(version));
    Path out = maker.resolve(version + ".signed");
    run(there, "models", "catalogue", "sign", json.toString(), out.toString(), "--key", "acme");
    return out;
  }

  private void trust() throws IOException {
    run(there, "keys", "make", "acme");
    Path pem = maker.resolve("acme.pub");
    Files.writeString(pem, there.run("keys", "show", "acme", "--pem").out());
    run(here, "keys", "trust", pem.toString());
  }

  private CliRunner.Result take(Path file, String... more) {
    var arguments = new ArrayList<>(List.of("models", "catalogue", "import"));
    arguments.add(file.toString());
    arguments.addAll(List.of(more));
    return here.run(arguments.toArray(String[]::new));
  }

  @Test
  void whatATrustedKeySignedCounts() throws IOException {
    trust();
    var taken = take(signed(LATER));
    assertEquals(0, taken.exitCode(), taken.err());
    assertTrue(taken.out().contains("signer: acme\n"), taken.out());
    var shown = here.run("models", "catalogue", "show", "--json").object();
    assertEquals((long) LATER, shown.get("version"));
    assertEquals("2027-01-31", shown.get("date"));
    var pulled = here.run("pull", "ours-8b");
    assertTrue(pulled.err().contains("[offline]"), pulled.err()); // it is known, and of the hub
    var gone = here.run("pull", "catalogue:qwen3-8b");
    assertTrue(gone.err().contains("Names like it: ours-8b"), gone.err());
    run(here, "models", "catalogue", "reset");
    assertTrue(here.run("models", "catalogue", "show").out().contains("this distribution"));
  }

  @Test
  void olderOnesAreRefusedUnlessTheyAreWanted() throws IOException {
    trust();
    var older = take(signed(7));
    assertEquals(1, older.exitCode());
    assertTrue(older.err().contains("version 7"), older.err());
    assertFalse(Files.exists(home.resolve("catalogue.signed")));
    assertEquals(0, take(signed(8), "--allow-older").exitCode());
    assertEquals(8L, here.run("models", "catalogue", "show", "--json").object().get("version"));
    assertTrue(here.run("models", "catalogue", "show").err().contains("newer one"));
    assertEquals(1, take(signed(6)).exitCode());
  }

  @Test
  void badFilesChangeNothing() throws IOException {
    trust();
    Path sound = signed(LATER);
    assertEquals(0, take(sound).exitCode());
    byte[] before = Files.readAllBytes(home.resolve("catalogue.signed"));
    String text = Files.readString(sound);
    Path bad = maker.resolve("bad");
    Files.writeString(bad, text.replace("\"payload\":\"e", "\"payload\":\"f"));
    assertTrue(take(bad).err().contains("[untrusted]"));
    Files.writeString(bad, text.substring(0, text.length() / 2));
    assertEquals(1, take(bad).exitCode());
    Files.writeString(bad, OURS.formatted(LATER + 1)); // unsigned
    assertTrue(take(bad).err().contains("[untrusted]"));
    run(there, "keys", "make", "other");
    Path json = maker.resolve(LATER + ".json");
    Path foreign = maker.resolve("foreign");
    run(
        there,
        "models",
        "catalogue",
        "sign",
        json.toString(),
        foreign.toString(),
        "--key",
        "other");
    assertTrue(take(foreign).err().contains("[untrusted]"));
    assertEquals(1, take(maker.resolve("none")).exitCode());
    assertArrayEquals(before, Files.readAllBytes(home.resolve("catalogue.signed")));
  }

  @Test
  void aDamagedOneIsSaidAndCanBeResetAndIsInNobodysWay() throws IOException {
    Files.writeString(home.resolve("catalogue.signed"), "{");
    var search = here.run("models", "search");
    assertTrue(search.err().contains("catalogue reset"), search.err());
    assertTrue(here.run("pull", "hf.co/u/r").err().contains("[offline]"));
    run(here, "models", "catalogue", "reset");
    assertEquals(0, here.run("models", "catalogue", "show").exitCode());
  }

  @Test
  void onlyCataloguesAreSigned() throws IOException {
    run(there, "keys", "make", "acme");
    Path none = maker.resolve("none.json");
    Files.writeString(none, "{\"format\":1}");
    Path out = maker.resolve("out");
    var refused =
        there.run("models", "catalogue", "sign", none.toString(), out.toString(), "--key", "acme");
    assertTrue(refused.err().contains("no catalogue"), refused.err());
    assertFalse(Files.exists(out));
  }
}
